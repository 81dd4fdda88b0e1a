"""Maps all parts of a guide to one shape, `Entry`, for comparison.

An entry has a stable key, a title, texts (compared word by word) and facts (compared as values).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from guidance.choices import Direction, Part
from guidance.content.schema import (
    Consideration,
    Example,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from guidance.content.wording import text_for_direction
from guidance.models import Consideration as ConsiderationRow
from guidance.models import Option as OptionRow
from guidance.models import Question as QuestionRow
from guidance.models import Section as SectionRow

NONE, ALWAYS, NEVER = "none", "always", "never"
ORDINARY_LEVEL = 2  # not listed for added or removed sections


class GuideLike(Protocol):
    """Comparable version: a `schema.Guide`, or a `GuideText` made from a draft's rows."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def principles_url(self) -> str: ...
    @property
    def sections(self) -> tuple[Section, ...]: ...
    @property
    def examples(self) -> tuple[Example, ...]: ...
    @property
    def principles(self) -> tuple[Principle, ...]: ...
    @property
    def resources(self) -> tuple[Resource, ...]: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...
    @property
    def considerations(self) -> tuple[Consideration, ...]: ...
    @property
    def messages(self) -> tuple[Message, ...]: ...


@dataclass(frozen=True)
class GuideText:
    """Text of a version that may be incomplete; values may be unvalidated."""

    title: str = ""
    subtitle: str = ""
    principles_url: str = ""
    sections: tuple[Section, ...] = ()
    examples: tuple[Example, ...] = ()
    principles: tuple[Principle, ...] = ()
    resources: tuple[Resource, ...] = ()
    questions: tuple[Question, ...] = ()
    considerations: tuple[Consideration, ...] = ()
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Text:
    """`label` is empty for the main text of an entry."""

    label: str
    text: str
    is_markdown: bool = True


@dataclass(frozen=True)
class Fact:
    """`value` is compared, `words` is shown: a cited passage with a new title is still the same."""

    label: str
    value: object
    words: str


@dataclass(frozen=True)
class Entry:
    """`options` are nested entries."""

    key: str
    title: str
    texts: tuple[Text, ...] = ()
    facts: tuple[Fact, ...] = ()
    options: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Titles:
    """Titles of a version's parts by key, to describe references."""

    examples: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    principles: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of_passage(self, cite: str) -> str:
        kind, _, key = cite.partition(":")
        titles = {"section": self.sections, "example": self.examples, "principle": self.principles}
        return f"“{titles.get(kind, {}).get(key, cite)}”"

    def of_passages(self, cites: Iterable[str]) -> str:
        return ", ".join(self.of_passage(cite) for cite in cites) or NONE

    def of_clause(self, clause: Mapping[str, Any]) -> str:
        """Describes a clause, such as `{"question": "what.urgency", "is": "now"}`."""
        key = str(clause.get("question", ""))
        question = f"“{self.questions.get(key, 'Which way it goes' if key == 'direction' else key)}”"
        for test, words in (("answered", "has an answer"), ("unanswered", "has no answer")):
            if clause.get(test):
                return f"{question} {words}"
        for test, words in (("is", "is"), ("is_not", "is not"), ("includes", "includes")):
            if clause.get(test) is not None:
                return f"{question} {words} “{self._of_option(key, str(clause[test]))}”"
        return f"{question}, in a way that cannot be read"

    def _of_option(self, question: str, option: str) -> str:
        if question == "direction":
            return str(dict(Direction.choices).get(option, option))
        return self.options.get((question, option), option)


def titles_of(guide: GuideLike) -> Titles:
    return Titles(
        examples={each.slug: each.title for each in guide.examples},
        sections={each.slug: each.title for each in guide.sections},
        principles={str(each.number): f"Principle {each.number}: {each.title}" for each in guide.principles},
        questions={each.key: each.text for each in guide.questions},
        options={
            (question.key, option.key): option.text
            for question in guide.questions
            for option in question.options
        },
    )


def front_entry(guide: GuideLike) -> Entry:
    publication = Fact("Publication of the principles", guide.principles_url, guide.principles_url or NONE)
    return Entry("front", guide.title, (Text("Subtitle", guide.subtitle, is_markdown=False),), (publication,))


def section_entry(section: Section) -> Entry:
    level = Fact(
        "Kind of heading", section.level - ORDINARY_LEVEL, _label(SectionRow, "level", section.level)
    )
    return Entry(section.slug, section.title, (Text("", section.body),), (level,))


def example_entry(example: Example, titles: Titles) -> Entry:
    place = Fact("Stands in", example.section, titles.of_passage(f"section:{example.section}"))
    return Entry(example.slug, example.title, (Text("", example.body),), (place,))


def principle_entry(principle: Principle) -> Entry:
    return Entry(
        str(principle.number), f"{principle.number}. {principle.title}", (Text("", principle.explanation),)
    )


def resource_entries(resources: Iterable[Resource], others: Sequence[Resource]) -> tuple[Entry, ...]:
    """Keyed by address, or by title where only the address changed."""
    addresses = {other.url for other in others}
    titles = {other.title for other in others}
    return tuple(
        Entry(
            f"title:{each.title}"
            if each.url not in addresses and each.title in titles
            else f"url:{each.url}",
            each.title,
            facts=(Fact("Address", each.url, each.url),),
        )
        for each in resources
    )


def question_entry(question: Question, titles: Titles) -> Entry:
    longest = f"{question.max_length} characters" if question.max_length else NONE
    facts = (
        Fact("Part", _part(question), str(dict(Part.choices).get(_part(question), _part(question)))),
        Fact("Kind", str(question.kind), _label(QuestionRow, "kind", question.kind)),
        Fact("Must be answered", question.required, _yes_or_no(question.required)),
        Fact("Shown at once when", tuple(map(str, question.core)), _directions(question.core) or NEVER),
        Fact("Asked when", *_condition_fact(question.applies_when, titles)),
        Fact("Beside the question before it", question.beside_previous, _yes_or_no(question.beside_previous)),
        Fact("Longest answer", question.max_length, longest),
        Fact("Passages beside it", tuple(question.cites), titles.of_passages(question.cites)),
    )
    options = tuple(_option_entry(option, titles) for option in question.options)
    return Entry(question.key, question.text, _texts(question), facts, options)


def _texts(worded: Question | Option) -> tuple[Text, ...]:
    """Hint, statement and the wording of each direction; the same number for each entry, so that they align."""
    labels = {"hint": "Hint"} | ({"statement": "Statement"} if isinstance(worded, Question) else {})
    texts = [Text(label, getattr(worded, name), is_markdown=False) for name, label in labels.items()]
    for direction in Direction:
        for name, label in {"text": "Put", **labels}.items():
            words = text_for_direction(worded.wording, direction, name)
            texts.append(Text(f"{label} when “{direction.label}”", words, is_markdown=False))
    return tuple(texts)


def _part(question: Question) -> str:
    return question.key.partition(".")[0]


def _option_entry(option: Option, titles: Titles) -> Entry:
    directions = tuple(str(direction) for direction in option.directions)
    days = "" if option.days is None else f"{option.days} days from today"
    revealed = f"“{titles.questions.get(option.reveals, option.reveals)}”" if option.reveals else NONE
    facts = (
        Fact("Offered when", directions, _directions(directions) or ALWAYS),
        Fact(
            "What the law makes of it", str(option.category), _label(OptionRow, "category", option.category)
        ),
        Fact("Chosen alone", option.exclusive, _yes_or_no(option.exclusive)),
        Fact("Folded", option.folded, _yes_or_no(option.folded)),
        Fact("Stands for", option.days, days or NONE),
        Fact("Then asks", option.reveals, revealed),
    )
    return Entry(option.key, option.text, _texts(option), facts)


def consideration_entry(consideration: Consideration, titles: Titles) -> Entry:
    facts = (
        Fact("Part", str(consideration.part), _label(ConsiderationRow, "part", consideration.part)),
        Fact("Kind", str(consideration.kind), _label(ConsiderationRow, "kind", consideration.kind)),
        Fact("Shown when", *_condition_fact(consideration.condition, titles)),
        Fact("Grounded in", tuple(consideration.cites), titles.of_passages(consideration.cites)),
    )
    return Entry(
        consideration.key,
        consideration.key.replace("-", " ").capitalize(),
        (Text("", consideration.text),),
        facts,
    )


def message_entry(message: Message, titles: Titles) -> Entry:
    facts = (Fact("Offered when", *_condition_fact(message.condition, titles)),)
    return Entry(message.key, message.title, (Text("", message.text, is_markdown=False),), facts)


def _directions(directions: Iterable[str]) -> str:
    return "; ".join(str(dict(Direction.choices).get(each, each)) for each in directions)


def _condition_fact(condition: object, titles: Titles) -> tuple[str, str]:
    """What is compared of a condition, and how it is shown."""
    if condition is None:
        return "", ALWAYS
    plain = _plain(condition)
    return _comparable(plain), _describe_condition(plain, titles)


def _plain(condition: object) -> Mapping[str, Any]:
    """Condition as stored, from a value or from a draft's unvalidated row."""
    dump = getattr(condition, "model_dump", None)
    if dump is not None:
        return dict(dump(mode="json", by_alias=True, exclude_defaults=True))
    return condition if isinstance(condition, Mapping) else {"unreadable": condition}


def _comparable(condition: Mapping[str, Any]) -> str:
    """Canonical JSON: PostgreSQL does not keep the order of keys."""
    non_empty = {name: clauses for name, clauses in condition.items() if clauses}
    return json.dumps(non_empty, sort_keys=True, default=str)


def _describe_condition(condition: Mapping[str, Any], titles: Titles) -> str:
    parts = []
    for name, between in (("all", " and "), ("any", " or ")):
        clauses = condition.get(name) or []
        if isinstance(clauses, list | tuple) and clauses:
            parts.append(between.join(titles.of_clause(c) for c in clauses if isinstance(c, Mapping)))
    return "; and ".join(parts) or "a condition that cannot be read"


def _label(model: Any, name: str, value: object) -> str:
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value) or "Personal data")


def _yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"
