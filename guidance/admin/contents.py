"""What a version holds, and what there is to say of a draft, each with the address where it is put right."""

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
    Option,
    Question,
    Resource,
    Section,
)

MOVABLE: dict[str, type[Model]] = {
    table._meta.model_name or "": table for table in (Section, Resource, Question, Option, Consideration)
}


@dataclass(frozen=True)
class Listed:
    """`detail` tells it from others that read alike; `below` are the options of a question."""

    kind: str
    pk: int
    title: str
    detail: str
    url: str
    is_movable: bool
    level: int = 2
    below: tuple[Listed, ...] = ()
    add_below: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    kind: str  # what one of them is called
    add: str  # the address where one is added
    rows: tuple[Listed, ...]


@dataclass(frozen=True)
class PlacedRemark:
    """`url` is empty where the draft as a whole is meant."""

    message: str
    title: str
    url: str


def placed(remarks: Iterable[Remark]) -> list[PlacedRemark]:
    return [
        PlacedRemark(remark.message, _named(remark.row), _page(remark.row))
        if remark.row
        else PlacedRemark(remark.message, "", "")
        for remark in remarks
    ]


def _named(row: Row) -> str:
    """“section “Why?””: what it is, and which."""
    title = row.text if isinstance(row, Question | Option) else str(row)
    return f"{row._meta.verbose_name} “{title}”"


def groups_of(rows: DraftRows) -> list[Group]:
    version = rows.version
    parts = [
        Group(
            f"Questions: {part.label}",
            "question",
            _add(version, "question", part=part.value),
            tuple(_question(question) for question in rows.questions if question.part == part),
        )
        for part in Part
    ]
    return [
        Group("Sections", "section", _add(version, "section"), _listed(rows.sections)),
        Group("Examples", "example", _add(version, "example"), _listed(rows.examples)),
        Group("Principles", "principle", _add(version, "principle"), _listed(rows.principles)),
        *parts,
        *groups_outside_the_text(version, rows.considerations, rows.resources),
    ]


def groups_outside_the_text(
    version: GuideVersion, considerations: Iterable[Consideration], resources: Iterable[Resource]
) -> list[Group]:
    return [
        Group("Considerations", "consideration", _add(version, "consideration"), _listed(considerations)),
        Group("Resources", "resource", _add(version, "resource"), _listed(resources)),
    ]


def _listed(rows: Iterable[Row]) -> tuple[Listed, ...]:
    return tuple(_one(row) for row in rows)


def _one(row: Row, below: tuple[Listed, ...] = (), add_below: str = "") -> Listed:
    kind = row._meta.model_name or ""
    return Listed(
        kind=kind,
        pk=row.pk,
        title=str(row),
        detail=getattr(row, "slug", "") or getattr(row, "key", ""),
        url=_page(row),
        is_movable=kind in MOVABLE,
        level=row.level if isinstance(row, Section) else 2,
        below=below,
        add_below=add_below,
    )


def _question(question: Question) -> Listed:
    add = f"{reverse('admin:guidance_option_add')}?question={question.pk}"
    return _one(question, _listed(question.options.all()), add)


def _page(row: Row) -> str:
    return reverse(f"admin:guidance_{row._meta.model_name}_change", args=[row.pk])


def _add(version: GuideVersion, kind: str, **initial: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"guideversion": version.pk, **initial}.items())
    return f"{reverse(f'admin:guidance_{kind}_add')}?{query}"
