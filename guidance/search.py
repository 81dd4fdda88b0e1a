"""Looking for words in the sections, examples, principles and questions (with their options) of a version.

PostgreSQL finds them in every form (share, shared, sharing) and ranks them. Where it finds nothing, words it does not
know are taken for misspellings of the nearest one in the guide; where there is still nothing, passages that have some
of the words are shown. Five queries at most, however much is found.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any

import nh3
from django.contrib.postgres.aggregates import JSONBAgg, StringAgg
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db import connection
from django.db.models import CharField, F, Func, JSONField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from guidance.content.wording import all_words
from guidance.models import Example, GuideVersion, Option, Principle, Question, Section, search_vector
from guidance.reading import cached_if_published, questions, rendered

LONGEST = 200
MOST_FOUND = 40
NEAR_ENOUGH = 0.3
SHORTEST = 3  # letters of a word that may be offered for a misspelt one
ENGLISH = "english"
WORD = re.compile(r"\w+(?:[’'\-]\w+)*")

# Characters for private use stand for marks, and for “<”, which PostgreSQL would take for a tag.
OPEN, CLOSE, LESS_THAN = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
MARKS = f"HighlightAll=true, StartSel={OPEN}, StopSel={CLOSE}"
LONGEST_EXCERPT, BEFORE_MATCH = 45, 8  # in words


class Outcome(StrEnum):
    NOTHING_ASKED = "nothing-asked"
    NO_WORD = "no-word"
    ALL_WORDS = "all-words"
    CORRECTED = "corrected"
    SOME_WORDS = "some-words"
    NONE = "none"


@dataclass(frozen=True)
class Passage:
    """Something that can be found; `text` is without markup, `place` says what it is."""

    title: str
    text: str
    place: str
    url: str


@dataclass(frozen=True)
class Piece:
    text: str
    is_match: bool


@dataclass(frozen=True)
class Found:
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    place: str
    url: str


@dataclass(frozen=True)
class Results:
    """`asked` is what was looked for, in one line; `corrected` the words that were looked for instead."""

    outcome: Outcome
    asked: str = ""
    is_cut: bool = False
    corrected: str = ""
    found: tuple[Found, ...] = ()

    @property
    def is_full(self) -> bool:
        return len(self.found) == MOST_FOUND


Key = tuple[str, str]  # “section” and its anchor, and so on


def search(version: GuideVersion, typed: str) -> Results:
    """Whatever is typed: there is nothing that cannot be looked for, only things that cannot be found."""
    whole = " ".join("".join(" " if _is_control(c) else c for c in typed).split())
    asked = whole[:LONGEST]
    is_cut = whole != asked
    if not asked:
        return Results(Outcome.NOTHING_ASKED)
    if not _can_be_found(asked):
        return Results(Outcome.NO_WORD, asked, is_cut)
    passages = passages_of(version)
    if found := _find(version, asked):
        return Results(Outcome.ALL_WORDS, asked, is_cut, found=_shown(found, passages, asked))
    corrected = _correct_spelling(asked, vocabulary_of(version))
    if corrected != asked and (found := _find(version, corrected)):
        return Results(Outcome.CORRECTED, asked, is_cut, corrected, _shown(found, passages, corrected))
    any_word = " or ".join(WORD.findall(corrected))
    if any_word and (found := _find(version, any_word)):
        return Results(Outcome.SOME_WORDS, asked, is_cut, found=_shown(found, passages, any_word))
    return Results(Outcome.NONE, asked, is_cut)


def _is_control(character: str) -> bool:
    """NUL, which PostgreSQL cannot hold, and the like; and the characters that stand for marks here."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _query(words: str) -> SearchQuery:
    return SearchQuery(words, config=ENGLISH, search_type="websearch")


def _can_be_found(asked: str) -> bool:
    """Not where only “the” or “and” is asked for, or only what must not be there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT querytree(websearch_to_tsquery(%s::regconfig, %s))", [ENGLISH, asked])
        return bool(cursor.fetchone()[0] not in {"", "T"})


def _find(version: GuideVersion, words: str) -> list[Key]:
    """The best first."""
    query = _query(words)

    def rows(model: Any, kind: str, name: Any, vector: Combinable) -> QuerySet[Any, dict[str, Any]]:
        matching = model.objects.filter(version=version).annotate(words=vector).filter(words=query)
        ranked = matching.annotate(found_in=Value(kind), found_as=name, rank=SearchRank(vector, query))
        return ranked.order_by().values("found_in", "found_as", "rank")  # type: ignore[no-any-return]

    number = Cast(F("number"), CharField())
    found = rows(Section, "section", F("slug"), search_vector("title", "body")).union(
        rows(Example, "example", F("slug"), search_vector("title", "body")),
        rows(Principle, "principle", number, search_vector("title", "explanation")),
        rows(Question, "question", F("key"), _words_of_question()),
        all=True,
    )
    return [
        (row["found_in"], row["found_as"])
        for row in found.order_by("-rank", "found_in", "found_as")[:MOST_FOUND]
    ]


class _WordsOfJSON(SearchVectorCombinable, Func):
    """The words of texts and hints in a wording, or in a list of them; they weigh as those of a hint do."""

    function = "setweight"
    template = (
        "%(function)s(to_tsvector('english'::regconfig, jsonb_path_query_array(%(expressions)s, "
        """'$.*.keyvalue() ? (@.key != "statement").value')), 'B')"""
    )
    output_field = SearchVectorField()


def _words_of_question() -> Combinable:
    """Whichever way it is put, with what may be answered: an option is found as the question that offers it."""
    options = Option.objects.filter(question=OuterRef("pk")).order_by().values("question")
    words = StringAgg(Concat("text", Value(" "), "hint", output_field=TextField()), delimiter=Value(" "))
    joined = Coalesce(
        Subquery(options.annotate(words=words).values("words")), Value(""), output_field=TextField()
    )
    wordings = Subquery(options.annotate(wordings=JSONBAgg("wording")).values("wordings"))
    return (
        search_vector("text", "hint")
        + SearchVector(joined, weight="B", config=ENGLISH)
        + _WordsOfJSON("wording")
        + _WordsOfJSON(Coalesce(wordings, Value([], output_field=JSONField())))
    )


def _correct_spelling(asked: str, vocabulary: tuple[str, ...]) -> str:
    """What was asked with each word that is not in the guide, in any form, replaced by the one most like it.

    Who misspells a word leaves out or adds a letter, two in a long one: more than that and another word was meant.
    """
    typed = sorted({word.casefold() for word in WORD.findall(asked)})
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH guide AS MATERIALIZED (SELECT to_tsvector(%s::regconfig, %s) AS words),"
            " unknown AS (SELECT typed FROM guide, unnest(%s::text[]) AS typed,"
            " plainto_tsquery(%s::regconfig, typed) AS query WHERE numnode(query) > 0 AND NOT words @@ query)"
            " SELECT DISTINCT ON (typed) typed, known FROM unknown, unnest(%s::text[]) AS known"
            " WHERE length(known) >= %s AND similarity(typed, known) >= %s"
            " AND abs(length(typed) - length(known)) <= greatest(1, length(typed) / 5)"
            " ORDER BY typed, similarity(typed, known) DESC, abs(length(typed) - length(known)), known",
            [ENGLISH, " ".join(vocabulary), typed, ENGLISH, list(vocabulary), SHORTEST, NEAR_ENOUGH],
        )
        nearest = dict(cursor.fetchall())
    return WORD.sub(lambda word: nearest.get(word[0].casefold(), word[0]), asked)


def _shown(keys: list[Key], passages: dict[Key, Passage], words: str) -> tuple[Found, ...]:
    """With the words that match marked, as PostgreSQL sees them."""
    found = [passages[key] for key in keys if key in passages]
    titles = [_guarded(passage.title) for passage in found]
    texts = [_guarded(passage.text) for passage in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, title, query, %s), ts_headline(%s::regconfig, text, query, %s)"
            " FROM websearch_to_tsquery(%s::regconfig, %s) AS query,"
            " unnest(%s::text[], %s::text[]) WITH ORDINALITY AS passage (title, text, place) ORDER BY place",
            [ENGLISH, MARKS, ENGLISH, MARKS, ENGLISH, words, titles, texts],
        )
        marked = cursor.fetchall()
    return tuple(
        Found(tuple(_pieces(title)), tuple(_pieces(_excerpt(text))), passage.place, passage.url)
        for passage, (title, text) in zip(found, marked, strict=True)
    )


def _excerpt(marked: str) -> str:
    """The stretch in which most words match, whole words only."""
    words = marked.split(" ")
    if len(words) <= LONGEST_EXCERPT:
        return marked
    matches = [0, *accumulate(OPEN in word for word in words)]
    starts = range(len(words) - LONGEST_EXCERPT + 1)
    best = max(starts, key=lambda at: matches[at + LONGEST_EXCERPT] - matches[at])
    first = next((at for at in range(best, len(words)) if OPEN in words[at]), best)
    start = min(max(0, first - BEFORE_MATCH), starts[-1])
    end = start + LONGEST_EXCERPT
    return f"{'… ' if start else ''}{' '.join(words[start:end])}{' …' if end < len(words) else ''}"


def _guarded(text: str) -> str:
    return text.translate({ord(OPEN): None, ord(CLOSE): None, ord(LESS_THAN): None, ord("<"): LESS_THAN})


def _pieces(marked: str) -> Iterator[Piece]:
    for at, text in enumerate(MARKED.split(marked.replace(LESS_THAN, "<"))):
        if text:
            yield Piece(text, is_match=at % 2 == 1)


@cached_if_published
def passages_of(version: GuideVersion) -> dict[Key, Passage]:
    """Everything that can be found in the version."""
    guide = rendered(version)
    questions_page = reverse("guidance:version-questions", args=[version.date])
    found: dict[Key, Passage] = {}
    for section in guide.sections:
        url = f"{guide.url}#{section.slug}"
        text = _words(guide.citable[f"section:{section.slug}"].html)
        found["section", section.slug] = Passage(section.title, text, "Section", url)
    for example in guide.examples:
        place = f"Example, in “{example.section}”"
        found["example", example.slug] = Passage(example.title, _words(example.html), place, example.url)
    for principle in guide.principles:
        found["principle", str(principle.number)] = Passage(
            f"{principle.number}. {principle.title}", _words(principle.html), "Principle", principle.url
        )
    for question in questions(version):
        place = f"Question, in the part “{question.part.label}”"
        url = f"{questions_page}#{question.anchor}"
        options = (
            words
            for option in question.options
            for words in (option.text, option.hint, *all_words(option.wording))
        )
        all_of_it = (question.hint, *all_words(question.wording), *options)
        text = " · ".join(words for words in all_of_it if words)
        found["question", question.key] = Passage(question.text, text, place, url)
    return found


@cached_if_published
def vocabulary_of(version: GuideVersion) -> tuple[str, ...]:
    """The words of the version, against which misspellings are held."""
    passages = passages_of(version).values()
    return tuple(sorted(set(_all_words(f"{passage.title} {passage.text}" for passage in passages))))


def _all_words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.casefold() for word in WORD.findall(text))


def _words(markup: str) -> str:
    """Without the numbers of notes, which would hang on to the word before them."""
    return " ".join(html.unescape(nh3.clean(markup, tags=set(), clean_content_tags={"sup"})).split())
