"""Lists the rows of a version and the remarks on a draft, with links to edit them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from guidance.choices import Part
from guidance.editing.draft_rows import DraftRows, Remark
from guidance.editing.rows import Row
from guidance.models import (
    Consideration,
    GuideVersion,
    Message,
    Option,
    Question,
    Resource,
    Section,
)

MOVABLE: dict[str, type[Model]] = {
    table._meta.model_name or "": table
    for table in (Section, Resource, Question, Option, Consideration, Message)
}


@dataclass(frozen=True)
class ListedRow:
    """`detail` distinguishes rows with equal titles; `below` are the options of a question."""

    kind: str
    pk: int
    title: str
    detail: str
    url: str
    is_movable: bool
    level: int = 2
    below: tuple[ListedRow, ...] = ()
    add_below: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    kind: str  # model name of the rows
    add: str  # URL of the form to add one
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True)
class LinkedRemark:
    """`url` is empty for a remark on the whole draft."""

    message: str
    title: str
    url: str


def with_links(remarks: Iterable[Remark]) -> list[LinkedRemark]:
    return [
        LinkedRemark(remark.message, _description(remark.row), _change_url(remark.row))
        if remark.row
        else LinkedRemark(remark.message, "", "")
        for remark in remarks
    ]


def _description(row: Row) -> str:
    """Verbose name and title, as in “section “Why?””."""
    title = row.text if isinstance(row, Question | Option) else str(row)
    return f"{row._meta.verbose_name} “{title}”"


def groups_of(rows: DraftRows) -> list[Group]:
    version = rows.version
    parts = [
        Group(
            f"Questions: {part.label}",
            "question",
            _add_url(version, "question", part=part.value),
            tuple(_question(question) for question in rows.questions if question.part == part),
        )
        for part in Part
    ]
    return [
        Group("Sections", "section", _add_url(version, "section"), _listed(rows.sections)),
        Group("Examples", "example", _add_url(version, "example"), _listed(rows.examples)),
        Group("Principles", "principle", _add_url(version, "principle"), _listed(rows.principles)),
        *parts,
        *other_groups(version, rows.considerations, rows.messages, rows.resources),
    ]


def other_groups(
    version: GuideVersion,
    considerations: Iterable[Consideration],
    messages: Iterable[Message],
    resources: Iterable[Resource],
) -> list[Group]:
    return [
        Group("Considerations", "consideration", _add_url(version, "consideration"), _listed(considerations)),
        Group("Messages to send", "message", _add_url(version, "message"), _listed(messages)),
        Group("Resources", "resource", _add_url(version, "resource"), _listed(resources)),
    ]


def _listed(rows: Iterable[Row]) -> tuple[ListedRow, ...]:
    return tuple(_listed_row(row) for row in rows)


def _listed_row(row: Row, below: tuple[ListedRow, ...] = (), add_below: str = "") -> ListedRow:
    kind = row._meta.model_name or ""
    return ListedRow(
        kind=kind,
        pk=row.pk,
        title=str(row),
        detail=getattr(row, "slug", "") or getattr(row, "key", ""),
        url=_change_url(row),
        is_movable=kind in MOVABLE,
        level=row.level if isinstance(row, Section) else 2,
        below=below,
        add_below=add_below,
    )


def _question(question: Question) -> ListedRow:
    add = f"{reverse('admin:guidance_option_add')}?question={question.pk}"
    return _listed_row(question, _listed(question.options.all()), add)


def _change_url(row: Row) -> str:
    return reverse(f"admin:guidance_{row._meta.model_name}_change", args=[row.pk])


def _add_url(version: GuideVersion, kind: str, **initial: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"guideversion": version.pk, **initial}.items())
    return f"{reverse(f'admin:guidance_{kind}_add')}?{query}"
