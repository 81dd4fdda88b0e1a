"""The rows a version is made of: copied, and kept in the order in which they are read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet, TextField

from guidance.choices import Part
from guidance.content.document import EXAMPLE_HERE
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)

Row: TypeAlias = Section | Example | Principle | Resource | Question | Option | Consideration
PARTS = list(Part.values)
NOT_ITS_WORDS = {"id", "version", "question", "section", "position"}
EMPTY_LINES_BEFORE = re.compile(r"\A(?:[^\S\n]*+\n)++")


def version_of(row: Row) -> GuideVersion:
    return row.question.version if isinstance(row, Option) else row.version


def normalise(row: Row) -> None:
    """Its texts as files hold them, though a browser ends lines in its own way; no empty lines around them."""
    for field in row._meta.concrete_fields:
        if isinstance(field, TextField):
            text = getattr(row, field.attname).replace("\r\n", "\n").replace("\r", "\n")
            setattr(row, field.attname, _without_empty_lines_around(text))


def _without_empty_lines_around(text: str) -> str:
    before = EMPTY_LINES_BEFORE.match(text)
    text = text[before.end() :] if before else text
    after = text.find("\n", len(text.rstrip()))
    return text if after == -1 else text[:after]


def fingerprint(row: Row) -> str:
    """Of what an editor may write in it, not of where it stands: it tells whether two people look at the same."""
    return fingerprint_of(
        row, [field.name for field in row._meta.concrete_fields if field.name not in NOT_ITS_WORDS]
    )


def fingerprint_of(row: Model, names: Iterable[str]) -> str:
    values = {name: row._meta.get_field(name).value_from_object(row) for name in names}  # type: ignore[union-attr]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def siblings(row: Row) -> Sequence[Any]:
    """Those among which it has its place, itself too once it is saved: options of a question, questions of a part."""
    if isinstance(row, Option):
        return list(row.question.options.all())
    rows: QuerySet[Any] = type(row)._default_manager.filter(version=row.version)
    if isinstance(row, Question | Consideration) and not row._state.adding:
        rows = rows.filter(part=row.part)
    return list(rows)


def put_in_order(rows: Iterable[Any], positions: Iterable[int]) -> None:
    """Give them these positions, in one statement, so that two may change places."""
    moved = []
    for row, position in zip(rows, positions, strict=True):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])


def reorder(draft: GuideVersion) -> None:
    """Questions and considerations stand part by part; an example belongs where the text says it stands.

    So that a version reads the same from the tables and from files, which hold only the one order.
    """
    for rows in (draft.questions.all(), draft.considerations.all()):
        by_part = sorted(
            rows.only("version", "part", "position"), key=lambda row: (PARTS.index(row.part), row.position)
        )
        put_in_order(by_part, range(1, len(by_part) + 1))
    named = (
        (slug, section.pk)
        for section in draft.sections.only("version", "body")
        for slug in examples_named_in(section.body)
    )
    places = {slug: (at, section) for at, (slug, section) in enumerate(named)}
    nowhere = len(places)
    examples = sorted(
        draft.examples.only("version", "section", "slug", "position"),
        key=lambda example: (places.get(example.slug, (nowhere,))[0], example.position),
    )
    moved = []
    for position, example in enumerate(examples, start=1):
        _, section = places.get(example.slug, (nowhere, example.section_id))
        if (example.section_id, example.position) != (section, position):
            example.section_id, example.position = section, position
            moved.append(example)
    Example.objects.bulk_update(moved, ["section", "position"])


def examples_named_in(body: str) -> list[str]:
    """The keys of the examples that stand in this text."""
    return [found["slug"] for line in body.split("\n") if (found := EXAMPLE_HERE.match(line))]


def set_in_text(row: Row) -> None:
    """Let a new example stand at the end of its section, unless the text of the draft names it already."""
    if not isinstance(row, Example):
        return
    if any(row.slug in examples_named_in(section.body) for section in row.version.sections.all()):
        return
    section = Section.objects.get(pk=row.section_id)
    section.body = f"{section.body}\n\n::: example {row.slug}\n:::".lstrip("\n")
    section.save(update_fields=["body"])


def copy_rows(source: GuideVersion, draft: GuideVersion) -> None:
    """Everything `source` is made of, in two queries a table."""
    sections = _copied(Section.objects.filter(version=source), version=draft)
    examples = Example.objects.filter(version=source)
    Example.objects.bulk_create(
        _copy(example, version=draft, section=sections[example.section_id]) for example in examples
    )
    for table in (Principle, Resource, Consideration):
        _copied(table._default_manager.filter(version=source), version=draft)
    questions = _copied(Question.objects.filter(version=source), version=draft)
    options = Option.objects.filter(question__version=source)
    Option.objects.bulk_create(
        _copy(
            option,
            question=questions[option.question_id],
            reveals=questions[option.reveals_id] if option.reveals_id else None,
        )
        for option in options
    )


def _copied(rows: QuerySet[Any], **changes: Any) -> dict[int, Any]:
    """The copies, by the keys of the rows they are copies of."""
    originals = list(rows)
    copies = rows.model._default_manager.bulk_create(_copy(row, **changes) for row in originals)
    return {original.pk: copy for original, copy in zip(originals, copies, strict=True)}


def _copy(row: Model, **changes: Any) -> Any:
    """A new row with the same words; what the database works out by itself it will work out again."""
    same = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name not in changes
    }
    return type(row)(**same, **changes)
