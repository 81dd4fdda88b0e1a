"""Searches the sections, examples, principles and questions (with options) of a version.

PostgreSQL matches all forms of a word (share, shared, sharing) and ranks the passages. Where none matches, unknown
words are replaced by the most similar one in the guide; where still none does, passages with any of the words are
returned. At most five queries.
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

MAX_QUERY_LENGTH = 200
MAX_RESULTS = 40
MIN_SIMILARITY = 0.3
MIN_CORRECTION_LENGTH = 3  # letters
ENGLISH = "english"
WORD = re.compile(r"\w+(?:[’'\-]\w+)*")

# Private use characters as markers, and in place of “<”, which PostgreSQL would parse as a tag.
OPEN, CLOSE, LESS_THAN = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
HEADLINE_OPTIONS = f"HighlightAll=true, StartSel={OPEN}, StopSel={CLOSE}"
EXCERPT_LENGTH, LENGTH_BEFORE_MATCH = 45, 8  # in words


class Outcome(StrEnum):
    EMPTY_QUERY = "empty-query"
    NO_SEARCHABLE_WORD = "no-searchable-word"
    ALL_WORDS = "all-words"
    CORRECTED = "corrected"
    SOME_WORDS = "some-words"
    NONE = "none"


@dataclass(frozen=True)
class Passage:
    """Searchable passage; `text` is without markup, `place` says what it is."""

    title: str
    text: str
    place: str
    url: str


@dataclass(frozen=True)
class Fragment:
    text: str
    is_match: bool


@dataclass(frozen=True)
class Match:
    title: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...]
    place: str
    url: str


@dataclass(frozen=True)
class Results:
    """`query` is the search on one line; `corrected` the words that were searched for instead."""

    outcome: Outcome
    query: str = ""
    is_truncated: bool = False
    corrected: str = ""
    matches: tuple[Match, ...] = ()

    @property
    def is_full(self) -> bool:
        return len(self.matches) == MAX_RESULTS


Key = tuple[str, str]  # kind and slug, as in (“section”, “what-is-needed”)


def search(version: GuideVersion, text: str) -> Results:
    """Accepts any text."""
    normalised = " ".join("".join(" " if _is_control(c) else c for c in text).split())
    query = normalised[:MAX_QUERY_LENGTH]
    is_truncated = normalised != query
    if not query:
        return Results(Outcome.EMPTY_QUERY)
    if not _is_searchable(query):
        return Results(Outcome.NO_SEARCHABLE_WORD, query, is_truncated)
    passages = passages_of(version)
    if keys := _find(version, query):
        return Results(Outcome.ALL_WORDS, query, is_truncated, matches=_matches(keys, passages, query))
    corrected = _correct_spelling(query, vocabulary_of(version))
    if corrected != query and (keys := _find(version, corrected)):
        return Results(Outcome.CORRECTED, query, is_truncated, corrected, _matches(keys, passages, corrected))
    any_word = " or ".join(WORD.findall(corrected))
    if any_word and (keys := _find(version, any_word)):
        return Results(Outcome.SOME_WORDS, query, is_truncated, matches=_matches(keys, passages, any_word))
    return Results(Outcome.NONE, query, is_truncated)


def _is_control(character: str) -> bool:
    """NUL, which PostgreSQL rejects, other control characters, and the characters used as markers here."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _search_query(words: str) -> SearchQuery:
    return SearchQuery(words, config=ENGLISH, search_type="websearch")


def _is_searchable(query: str) -> bool:
    """False for stop words only, such as “the”, and for negations only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT querytree(websearch_to_tsquery(%s::regconfig, %s))", [ENGLISH, query])
        return bool(cursor.fetchone()[0] not in {"", "T"})


def _find(version: GuideVersion, words: str) -> list[Key]:
    """Keys of the matching passages, best first."""
    query = _search_query(words)

    def rows(model: Any, kind: str, name: Any, vector: Combinable) -> QuerySet[Any, dict[str, Any]]:
        matching = model.objects.filter(version=version).annotate(words=vector).filter(words=query)
        ranked = matching.annotate(passage_kind=Value(kind), passage_key=name, rank=SearchRank(vector, query))
        return ranked.order_by().values("passage_kind", "passage_key", "rank")  # type: ignore[no-any-return]

    number = Cast(F("number"), CharField())
    found = rows(Section, "section", F("slug"), search_vector("title", "body")).union(
        rows(Example, "example", F("slug"), search_vector("title", "body")),
        rows(Principle, "principle", number, search_vector("title", "explanation")),
        rows(Question, "question", F("key"), _question_vector()),
        all=True,
    )
    return [
        (row["passage_kind"], row["passage_key"])
        for row in found.order_by("-rank", "passage_kind", "passage_key")[:MAX_RESULTS]
    ]


class _WordingVector(SearchVectorCombinable, Func):
    """Search vector of the texts and hints in a wording, or in a list of them, with the weight of a hint."""

    function = "setweight"
    template = (
        "%(function)s(to_tsvector('english'::regconfig, jsonb_path_query_array(%(expressions)s, "
        """'$.*.keyvalue() ? (@.key != "statement").value')), 'B')"""
    )
    output_field = SearchVectorField()


def _question_vector() -> Combinable:
    """All wordings of a question and of its options: an option is found as its question."""
    options = Option.objects.filter(question=OuterRef("pk")).order_by().values("question")
    words = StringAgg(Concat("text", Value(" "), "hint", output_field=TextField()), delimiter=Value(" "))
    joined = Coalesce(
        Subquery(options.annotate(words=words).values("words")), Value(""), output_field=TextField()
    )
    wordings = Subquery(options.annotate(wordings=JSONBAgg("wording")).values("wordings"))
    return (
        search_vector("text", "hint")
        + SearchVector(joined, weight="B", config=ENGLISH)
        + _WordingVector("wording")
        + _WordingVector(Coalesce(wordings, Value([], output_field=JSONField())))
    )


def _correct_spelling(query: str, vocabulary: tuple[str, ...]) -> str:
    """Replaces each unknown word by the most similar one of the guide.

    The lengths may differ by one letter, or by a fifth in long words: a greater difference is another word.
    """
    typed = sorted({word.casefold() for word in WORD.findall(query)})
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH guide AS MATERIALIZED (SELECT to_tsvector(%s::regconfig, %s) AS words),"
            " unknown AS (SELECT typed FROM guide, unnest(%s::text[]) AS typed,"
            " plainto_tsquery(%s::regconfig, typed) AS query WHERE numnode(query) > 0 AND NOT words @@ query)"
            " SELECT DISTINCT ON (typed) typed, known FROM unknown, unnest(%s::text[]) AS known"
            " WHERE length(known) >= %s AND similarity(typed, known) >= %s"
            " AND abs(length(typed) - length(known)) <= greatest(1, length(typed) / 5)"
            " ORDER BY typed, similarity(typed, known) DESC, abs(length(typed) - length(known)), known",
            [
                ENGLISH,
                " ".join(vocabulary),
                typed,
                ENGLISH,
                list(vocabulary),
                MIN_CORRECTION_LENGTH,
                MIN_SIMILARITY,
            ],
        )
        nearest = dict(cursor.fetchall())
    return WORD.sub(lambda word: nearest.get(word[0].casefold(), word[0]), query)


def _matches(keys: list[Key], passages: dict[Key, Passage], words: str) -> tuple[Match, ...]:
    """Passages with the matching words marked by PostgreSQL."""
    found = [passages[key] for key in keys if key in passages]
    titles = [_without_markers(passage.title) for passage in found]
    texts = [_without_markers(passage.text) for passage in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline(%s::regconfig, title, query, %s), ts_headline(%s::regconfig, text, query, %s)"
            " FROM websearch_to_tsquery(%s::regconfig, %s) AS query,"
            " unnest(%s::text[], %s::text[]) WITH ORDINALITY AS passage (title, text, place) ORDER BY place",
            [ENGLISH, HEADLINE_OPTIONS, ENGLISH, HEADLINE_OPTIONS, ENGLISH, words, titles, texts],
        )
        marked = cursor.fetchall()
    return tuple(
        Match(tuple(_fragments(title)), tuple(_fragments(_excerpt(text))), passage.place, passage.url)
        for passage, (title, text) in zip(found, marked, strict=True)
    )


def _excerpt(marked: str) -> str:
    """Excerpt with the most matches, in whole words."""
    words = marked.split(" ")
    if len(words) <= EXCERPT_LENGTH:
        return marked
    matches = [0, *accumulate(OPEN in word for word in words)]
    starts = range(len(words) - EXCERPT_LENGTH + 1)
    best = max(starts, key=lambda at: matches[at + EXCERPT_LENGTH] - matches[at])
    first = next((at for at in range(best, len(words)) if OPEN in words[at]), best)
    start = min(max(0, first - LENGTH_BEFORE_MATCH), starts[-1])
    end = start + EXCERPT_LENGTH
    return f"{'… ' if start else ''}{' '.join(words[start:end])}{' …' if end < len(words) else ''}"


def _without_markers(text: str) -> str:
    return text.translate({ord(OPEN): None, ord(CLOSE): None, ord(LESS_THAN): None, ord("<"): LESS_THAN})


def _fragments(marked: str) -> Iterator[Fragment]:
    for at, text in enumerate(MARKED.split(marked.replace(LESS_THAN, "<"))):
        if text:
            yield Fragment(text, is_match=at % 2 == 1)


@cached_if_published
def passages_of(version: GuideVersion) -> dict[Key, Passage]:
    """All searchable passages of the version."""
    guide = rendered(version)
    questions_page = reverse("guidance:version-questions", args=[version.date])
    found: dict[Key, Passage] = {}
    for section in guide.sections:
        url = f"{guide.url}#{section.slug}"
        text = _plain_text(guide.citable[f"section:{section.slug}"].html)
        found["section", section.slug] = Passage(section.title, text, "Section", url)
    for example in guide.examples:
        place = f"Example, in “{example.section}”"
        found["example", example.slug] = Passage(example.title, _plain_text(example.html), place, example.url)
    for principle in guide.principles:
        found["principle", str(principle.number)] = Passage(
            f"{principle.number}. {principle.title}", _plain_text(principle.html), "Principle", principle.url
        )
    for question in questions(version):
        place = f"Question, in the part “{question.part.label}”"
        url = f"{questions_page}#{question.anchor}"
        options = (
            words
            for option in question.options
            for words in (option.text, option.hint, *all_words(option.wording))
        )
        texts = (question.hint, *all_words(question.wording), *options)
        text = " · ".join(words for words in texts if words)
        found["question", question.key] = Passage(question.text, text, place, url)
    return found


@cached_if_published
def vocabulary_of(version: GuideVersion) -> tuple[str, ...]:
    """All words of the version, for spelling correction."""
    passages = passages_of(version).values()
    return tuple(sorted(set(_all_words(f"{passage.title} {passage.text}" for passage in passages))))


def _all_words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.casefold() for word in WORD.findall(text))


def _plain_text(markup: str) -> str:
    """Text of the HTML without numbers of notes, which would join the word before them."""
    return " ".join(html.unescape(nh3.clean(markup, tags=set(), clean_content_tags={"sup"})).split())
