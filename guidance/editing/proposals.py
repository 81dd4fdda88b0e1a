"""Adds a worked example by somebody who is no editor to the next draft; an editor keeps or removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from guidance.editing.publishing import copy_current_version, lock_versions
from guidance.editing.rows import insert_into_section, normalise, reorder, siblings
from guidance.models import Example, GuideVersion, Section
from guidance.policies import check_can_propose

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

SLUG_MAX_LENGTH = 90  # leaves room for a number


class SectionNotInDraft(Exception):
    """Raised where the section is not in the draft any more. The message is for the author."""

    def __init__(self) -> None:
        super().__init__("This section is not in the draft any more. Choose another.")


def next_draft() -> GuideVersion | None:
    """Draft that was started last."""
    return _drafts().first()


def _drafts() -> QuerySet[GuideVersion]:
    return GuideVersion.objects.filter(published_at__isnull=True).order_by("-pk")


def sections_for_examples() -> list[tuple[str, str]]:
    """Slug and title of the sections of the next draft. One query."""
    current = GuideVersion.objects.published().order_by("-date")
    version = Coalesce(Subquery(_drafts().values("pk")[:1]), Subquery(current.values("pk")[:1]))
    return list(Section.objects.filter(version=version).values_list("slug", "title"))


@transaction.atomic
def propose_example(*, by: User, title: str, text: str, section: str) -> Example:
    """Append an example to this section of the next draft, which is copied from the current version if there is none.

    Checks for publication come later, as for every draft. Raises PermissionDenied, NoPublishedVersion and
    SectionNotInDraft.
    """
    check_can_propose(by)
    lock_versions()
    draft = next_draft() or copy_current_version()
    place = draft.sections.filter(slug=section).first()
    if place is None:
        raise SectionNotInDraft
    example = Example(version=draft, section=place, title=title, slug=_unique_slug(draft, title), body=text)
    example.position = max((each.position for each in siblings(example)), default=0) + 1
    normalise(example)
    example.save()
    insert_into_section(example)
    reorder(draft)
    return example


def _unique_slug(draft: GuideVersion, title: str) -> str:
    """Slug from the title, unique among the draft's examples and sections, which are anchors of one page."""
    base = slugify(title)[:SLUG_MAX_LENGTH].strip("-") or "example"
    taken = {*draft.examples.values_list("slug", flat=True), *draft.sections.values_list("slug", flat=True)}
    number = 2
    slug = base
    while slug in taken:
        slug = f"{base}-{number}"
        number += 1
    return slug
