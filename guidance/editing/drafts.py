"""Checks of a draft before publication. Errors block it, warnings do not."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CharField, TextField
from pydantic import ValidationError

from guidance.choices import QuestionKind
from guidance.content import schema
from guidance.content.checks import (
    Finding,
    check_citations,
    check_principles,
    check_questions,
    check_statements,
    citations,
)
from guidance.content.condition_checks import check_applicability, check_considerations
from guidance.content.messages import check_messages
from guidance.content.problems import readable_message
from guidance.content.yaml_lines import Place
from guidance.diff.comparable import GuideText
from guidance.editing.draft_rows import DraftRows, Remark
from guidance.editing.draft_text import check_text
from guidance.editing.missing_content import find_missing_content
from guidance.editing.rows import Row, fingerprint, fingerprint_of
from guidance.models import GuideVersion
from guidance.models import Question as QuestionRow

# Questions that the product reads by key, besides outcome and reasoning (`guidance.content.checks`).
REQUIRED_QUESTIONS = {
    "what.urgency": (QuestionKind.ONE, "the log is filtered by it"),
    "what.kinds": (QuestionKind.SEVERAL, "it shows where the law asks for extra care"),
    "who.relationship": (QuestionKind.ONE, "it says who is asking"),
    "decide.review_on": (QuestionKind.DATE, "it says when to look again"),
    "decide.shared_on": (QuestionKind.DATE, "it says when information was shared"),
    "decide.shared": (QuestionKind.TEXT, "the record says first what was shared"),
    "decide.sent_how": (QuestionKind.TEXT, "the record says first how it was sent"),
    "who.asking": (QuestionKind.TEXT, "the record says first with whom it was shared"),
}


@dataclass(frozen=True)
class Draft:
    """Text of a draft, which may be invalid, and the remarks on it."""

    version: GuideVersion
    text: GuideText
    rows: DraftRows
    remarks: tuple[Remark, ...]

    @cached_property
    def errors(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if remark.blocks)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of everything that readers see, to detect changes since it was last shown."""
        row_fingerprints = [
            (row._meta.model_name, row.pk, getattr(row, "position", 0), fingerprint(row)) for row in self.rows
        ]
        front = fingerprint_of(self.version, ("title", "subtitle", "principles_url"))
        return hashlib.sha256(json.dumps([front, row_fingerprints]).encode()).hexdigest()

    @cached_property
    def warnings(self) -> tuple[Remark, ...]:
        return tuple(remark for remark in self.remarks if not remark.blocks)


def read_draft(version: GuideVersion) -> Draft:
    """One query per table, and one for the current version."""
    rows = DraftRows(version)
    remarks = [*rows.remarks, *_errors(rows), *_warnings(rows)]
    capitalised = (
        Remark(remark.message[:1].upper() + remark.message[1:], remark.row, remark.blocks)
        for remark in remarks
    )
    return Draft(version, rows.text, rows, tuple(dict.fromkeys(capitalised)))


def _errors(rows: DraftRows) -> Iterator[Remark]:
    text = rows.text
    yield from _front(text)
    yield from _characters(rows)
    for found in check_text(text.title, text.sections, text.examples):
        rows_by_kind: dict[str, list[Any]] = {"section": rows.sections, "example": rows.examples}
        yield Remark(
            found.message, rows_by_kind[found.kind][found.index] if found.kind in rows_by_kind else None
        )
    yield from _empty_sections(rows)
    known = citations(text.sections, text.examples, text.principles)
    yield from _remarks_on(check_principles(text.principles), rows.principles)
    yield from _remarks_on(check_questions(text.questions), rows.questions)
    yield from _remarks_on(check_applicability(text.questions), rows.questions)
    yield from _required_questions(rows)
    yield from _remarks_on(check_citations(text.questions, known), rows.questions)
    yield from _remarks_on(check_considerations(text.considerations, text.questions), rows.considerations)
    yield from _remarks_on(check_citations(text.considerations, known), rows.considerations)
    yield from _remarks_on(check_messages(text.messages, text.questions), rows.messages)


def _remarks_on(findings: Iterable[Finding], rows: list[Any], *, blocks: bool = True) -> Iterator[Remark]:
    for finding in findings:
        yield Remark(finding.message, _row_at(finding.place, rows), blocks)


def _row_at(place: Place, rows: list[Any]) -> Row | None:
    """Row of a finding: `(3,)` is a question, `(3, "options", 0)` one of its options."""
    if not place or not isinstance(place[0], int):
        return None
    row: Row = rows[place[0]]
    if isinstance(row, QuestionRow) and len(place) > 2 and place[1] == "options":
        return list(row.options.all())[int(place[2])]
    return row


def _front(text: GuideText) -> Iterator[Remark]:
    """Checks title, subtitle and publication of the principles; the rows are checked one by one."""
    pieces: dict[str, Any] = {
        name: getattr(text, name) for name in schema.DraftGuide.model_fields if hasattr(text, name)
    }
    try:
        schema.DraftGuide(**pieces)
    except ValidationError as error:
        for detail in error.errors():
            if detail["loc"][0] in {"title", "subtitle", "principles_url"}:
                yield Remark(readable_message(detail))


def _characters(rows: DraftRows) -> Iterator[Remark]:
    for row in rows:
        for field in row._meta.concrete_fields:
            if isinstance(field, CharField | TextField) or field.name == "wording":
                for character in _invalid_characters(_all_text(getattr(row, field.attname))):
                    yield Remark(
                        f"“{field.verbose_name}” holds a character that cannot be shown ({character}): take it out",
                        row,
                    )


def _all_text(value: Any) -> str:
    """Text of a field, or of a mapping of texts."""
    return "\n".join(map(_all_text, value.values())) if isinstance(value, Mapping) else str(value)


def _invalid_characters(text: str) -> Iterator[str]:
    """Control characters and surrogates, as in `U+0007`."""
    for character in text:
        if character not in "\t\n" and unicodedata.category(character) in {"Cc", "Cs"}:
            yield f"U+{ord(character):04X}"


def _empty_sections(rows: DraftRows) -> Iterator[Remark]:
    """Reports sections without text, except headings with subheadings."""
    for at, section in enumerate(rows.sections):
        below = rows.sections[at + 1] if at + 1 < len(rows.sections) else None
        has_subheading = section.level == 2 and below and below.level == 3
        if not section.body.strip() and not has_subheading:
            yield Remark("this section is empty: write its text, or delete it", section)


def _required_questions(rows: DraftRows) -> Iterator[Remark]:
    by_key = {row.key: row for row in rows.questions}
    for key, (kind, reason) in REQUIRED_QUESTIONS.items():
        if key not in by_key:
            yield Remark(f"the question “{key}” is missing: {reason}")
        elif by_key[key].kind != kind:
            yield Remark(f"“{key}” must be of kind {kind}: {reason}", by_key[key])


def _warnings(rows: DraftRows) -> Iterator[Remark]:
    places: dict[str, Row] = {section.slug: section for section in rows.sections}
    places |= {example.slug: example for example in rows.examples}
    missing = find_missing_content(rows.text.sections, rows.text.examples)
    for link in missing.links:
        yield Remark(f"the link “{link.words}” needs an address", places[link.anchor], blocks=False)
    for figure in missing.figures:
        yield Remark(
            f"a figure is missing after “{figure.after}”: the website’s drawing stands in for it",
            places[figure.anchor],
            blocks=False,
        )
    yield from _remarks_on(check_statements(rows.text.questions), rows.questions, blocks=False)
    base = rows.version.based_on_id
    current = GuideVersion.objects.published().order_by("-date").first()
    if base and current and current.pk != base:
        yield Remark(
            f"the version of {current.date:%-d %B %Y} was published after this draft was started, and is not part of "
            "it: publishing would undo what that version changed",
            blocks=False,
        )
