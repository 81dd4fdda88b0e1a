"""Rows of a version: copying, ordering and fingerprints."""

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
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)

Row: TypeAlias = Section | Example | Principle | Resource | Question | Option | Consideration | Message
PARTS = list(Part.values)
FIELDS_WITHOUT_FINGERPRINT = {"id", "version", "question", "section", "position"}
EMPTY_LINES_BEFORE = re.compile(r"\A(?:[^\S\n]*+\n)++")


def version_of(row: Row) -> GuideVersion:
    return row.question.version if isinstance(row, Option) else row.version


def normalise(row: Row) -> None:
    """Normalises line endings and removes surrounding empty lines, as in files."""
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
    """Digest of the editable fields, without position, to detect concurrent edits."""
    return fingerprint_of(
        row,
        [field.name for field in row._meta.concrete_fields if field.name not in FIELDS_WITHOUT_FINGERPRINT],
    )


def fingerprint_of(row: Model, names: Iterable[str]) -> str:
    values = {name: row._meta.get_field(name).value_from_object(row) for name in names}  # type: ignore[union-attr]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def siblings(row: Row) -> Sequence[Any]:
    """Rows of the same list in order, with itself once saved: options of a question, questions of a part."""
    if isinstance(row, Option):
        return list(row.question.options.all())
    rows: QuerySet[Any] = type(row)._default_manager.filter(version=row.version)
    if isinstance(row, Question | Consideration) and not row._state.adding:
        rows = rows.filter(part=row.part)
    return list(rows)


def update_positions(rows: Iterable[Any], positions: Iterable[int]) -> None:
    """Sets these positions in one statement, so that rows may swap."""
    moved = []
    for row, position in zip(rows, positions, strict=True):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])


def reorder(draft: GuideVersion) -> None:
    """Sorts questions and considerations by part, and examples by their place in the text.

    Tables and files then have the same order.
    """
    for rows in (draft.questions.all(), draft.considerations.all()):
        by_part = sorted(
            rows.only("version", "part", "position"), key=lambda row: (PARTS.index(row.part), row.position)
        )
        update_positions(by_part, range(1, len(by_part) + 1))
    references = (
        (slug, section.pk)
        for section in draft.sections.only("version", "body")
        for slug in example_slugs_in(section.body)
    )
    places = {slug: (at, section) for at, (slug, section) in enumerate(references)}
    after_all = len(places)
    examples = sorted(
        draft.examples.only("version", "section", "slug", "position"),
        key=lambda example: (places.get(example.slug, (after_all,))[0], example.position),
    )
    moved = []
    for position, example in enumerate(examples, start=1):
        _, section = places.get(example.slug, (after_all, example.section_id))
        if (example.section_id, example.position) != (section, position):
            example.section_id, example.position = section, position
            moved.append(example)
    Example.objects.bulk_update(moved, ["section", "position"])


def example_slugs_in(body: str) -> list[str]:
    """Slugs of the examples in this text."""
    return [found["slug"] for line in body.split("\n") if (found := EXAMPLE_HERE.match(line))]


def insert_into_section(row: Row) -> None:
    """Appends a new example to its section, unless the draft's text refers to it already."""
    if not isinstance(row, Example):
        return
    if any(row.slug in example_slugs_in(section.body) for section in row.version.sections.all()):
        return
    section = Section.objects.get(pk=row.section_id)
    section.body = f"{section.body}\n\n::: example {row.slug}\n:::".lstrip("\n")
    section.save(update_fields=["body"])


def copy_rows(source: GuideVersion, draft: GuideVersion) -> None:
    """Copies all rows of `source`, in two queries per table."""
    sections = _copy_all(Section.objects.filter(version=source), version=draft)
    examples = Example.objects.filter(version=source)
    Example.objects.bulk_create(
        _copy(example, version=draft, section=sections[example.section_id]) for example in examples
    )
    for table in (Principle, Resource, Consideration, Message):
        _copy_all(table._default_manager.filter(version=source), version=draft)
    questions = _copy_all(Question.objects.filter(version=source), version=draft)
    options = Option.objects.filter(question__version=source)
    Option.objects.bulk_create(
        _copy(
            option,
            question=questions[option.question_id],
            reveals=questions[option.reveals_id] if option.reveals_id else None,
        )
        for option in options
    )


def _copy_all(rows: QuerySet[Any], **changes: Any) -> dict[int, Any]:
    """Copies by the primary key of the original."""
    originals = list(rows)
    copies = rows.model._default_manager.bulk_create(_copy(row, **changes) for row in originals)
    return {original.pk: copy for original, copy in zip(originals, copies, strict=True)}


def _copy(row: Model, **changes: Any) -> Any:
    """Unsaved copy of a row, without primary key and generated columns."""
    same = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name not in changes
    }
    return type(row)(**same, **changes)
