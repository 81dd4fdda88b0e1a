"""Loads a folder of files as a published version or a draft, in one transaction."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from guidance.content.from_rows import guide_from_rows
from guidance.content.reader import read_draft_folder, read_folder
from guidance.content.schema import Consideration as ConsiderationValue
from guidance.content.schema import DraftGuide, Guide
from guidance.content.wording import wording_column
from guidance.editing.publishing import check_date, lock_versions
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


class VersionTaken(Exception):
    """Raised where another version, with another text, has this date. Published versions never change."""


@dataclass(frozen=True)
class Loaded:
    version: GuideVersion
    is_new: bool  # False: the same version was published already


def load_guide(folder: Path, *, as_draft: bool = False, today: datetime.date | None = None) -> Loaded:
    """Publish the version in this folder, or load it as a draft.

    Raises BadContent where the folder is invalid, VersionTaken where its date is taken, and CannotPublish where its
    date is in the future.
    """
    if as_draft:
        return load_draft(read_draft_folder(folder))
    return load_values(read_folder(folder), today=today)


def load_values(guide: Guide, *, today: datetime.date | None = None) -> Loaded:
    """Publish a version that has been read. Raises VersionTaken and CannotPublish."""
    with transaction.atomic():
        lock_versions()
        present = GuideVersion.objects.filter(date=guide.date).first()
        if present is None:
            check_date(guide.date, GuideVersion.objects.published().order_by("-date").first(), today)
            version = _write(guide)
            version.published_at = timezone.now()  # last: triggers refuse changes from here on
            version.save()
            return Loaded(version, is_new=True)
        if not present.is_published:
            raise _taken_by_draft(present)
        if guide_from_rows(present) != guide:
            raise VersionTaken(
                f"The guide of {guide.date:%-d %B %Y} is already published and reads differently. What is published "
                "never changes: publish the new text under a new date (in version.yaml)."
            )
        return Loaded(present, is_new=False)


@transaction.atomic
def load_draft(guide: DraftGuide) -> Loaded:
    """Load a draft for the guide editors. Raises VersionTaken."""
    lock_versions()
    present = GuideVersion.objects.filter(date=guide.date).first() if guide.date else None
    if present and present.is_published:
        raise VersionTaken(
            f"The guide of {present.date:%-d %B %Y} is already published: give the draft another date in "
            "version.yaml, or none."
        )
    if present:
        raise _taken_by_draft(present)
    return Loaded(_write(guide), is_new=True)


def _taken_by_draft(draft: GuideVersion) -> VersionTaken:
    return VersionTaken(
        f"There is a draft dated {draft.date:%-d %B %Y}. Publish it or discard it first, or give the folder another "
        "date in version.yaml."
    )


def _write(guide: DraftGuide) -> GuideVersion:
    version = GuideVersion.objects.create(
        date=guide.date,
        significance=guide.significance or "",
        change_note=guide.change_note,
        title=guide.title,
        subtitle=guide.subtitle,
        principles_url=guide.principles_url,
    )
    sections = Section.objects.bulk_create(
        Section(version=version, position=position, **section.model_dump())
        for position, section in enumerate(guide.sections, start=1)
    )
    by_slug = {section.slug: section for section in sections}
    Example.objects.bulk_create(
        Example(
            version=version,
            section=by_slug[example.section],
            position=position,
            **example.model_dump(exclude={"section"}),
        )
        for position, example in enumerate(guide.examples, start=1)
    )
    Principle.objects.bulk_create(
        Principle(version=version, **principle.model_dump()) for principle in guide.principles
    )
    Resource.objects.bulk_create(
        Resource(version=version, position=position, **resource.model_dump())
        for position, resource in enumerate(guide.resources, start=1)
    )
    _write_questions(version, guide)
    Consideration.objects.bulk_create(
        Consideration(version=version, position=position, **_columns(consideration))
        for position, consideration in enumerate(guide.considerations, start=1)
    )
    Message.objects.bulk_create(
        Message(
            version=version,
            position=position,
            condition=message.condition.column,
            **message.model_dump(exclude={"condition"}),
        )
        for position, message in enumerate(guide.messages, start=1)
    )
    return version


def _columns(consideration: ConsiderationValue) -> dict[str, Any]:
    columns = consideration.model_dump(exclude={"cites", "condition"})
    return {**columns, "cites": list(consideration.cites), "condition": consideration.condition.column}


def _write_questions(version: GuideVersion, guide: DraftGuide) -> None:
    rows = Question.objects.bulk_create(
        Question(
            version=version,
            part=question.part,
            position=position,
            cites=list(question.cites),
            core=list(question.core),
            applies_when=question.applies_when.column if question.applies_when else None,
            wording=wording_column(question.wording),
            **question.model_dump(exclude={"options", "cites", "core", "applies_when", "wording"}),
        )
        for position, question in enumerate(guide.questions, start=1)
    )
    by_key = {row.key: row for row in rows}
    Option.objects.bulk_create(
        Option(
            question=by_key[question.key],
            position=position,
            directions=list(option.directions),
            reveals=by_key[option.reveals] if option.reveals else None,
            wording=wording_column(option.wording),
            **option.model_dump(exclude={"directions", "reveals", "wording"}),
        )
        for question in guide.questions
        for position, option in enumerate(question.options, start=1)
    )
