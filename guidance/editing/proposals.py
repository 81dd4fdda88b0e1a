"""A worked example by somebody who is no editor: it lands in the next draft, where an editor takes it up, or out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from guidance.editing.publishing import copy_of_current, lock_versions
from guidance.editing.rows import normalise, reorder, set_in_text, siblings
from guidance.models import Example, GuideVersion, Section
from guidance.policies import check_can_propose

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

KEY_MAX_LENGTH = 90  # leaves room for a number


class NoPlaceForIt(Exception):
    """The section is not in the draft any more; the message says so, to whoever wrote the example."""

    def __init__(self) -> None:
        super().__init__("This section is not in the draft any more. Choose another.")


def next_draft() -> GuideVersion | None:
    """The one that was started last."""
    return _drafts().first()


def _drafts() -> QuerySet[GuideVersion]:
    return GuideVersion.objects.filter(published_at__isnull=True).order_by("-pk")


def places_for_examples() -> list[tuple[str, str]]:
    """The sections of the draft that an example would land in, by key and title; in one query."""
    current = GuideVersion.objects.published().order_by("-date")
    version = Coalesce(Subquery(_drafts().values("pk")[:1]), Subquery(current.values("pk")[:1]))
    return list(Section.objects.filter(version=version).values_list("slug", "title"))


@transaction.atomic
def propose_example(*, by: User, title: str, text: str, section: str) -> Example:
    """Set it at the end of this section of the next draft, which is begun from the current version if there is none.

    What has to hold before a version is published is looked at then, as of every draft. Raises PermissionDenied,
    NothingToStartFrom and NoPlaceForIt.
    """
    check_can_propose(by)
    lock_versions()
    draft = next_draft() or copy_of_current()
    place = draft.sections.filter(slug=section).first()
    if place is None:
        raise NoPlaceForIt
    example = Example(version=draft, section=place, title=title, slug=_free_key(draft, title), body=text)
    example.position = max((each.position for each in siblings(example)), default=0) + 1
    normalise(example)
    example.save()
    set_in_text(example)
    reorder(draft)
    return example


def _free_key(draft: GuideVersion, title: str) -> str:
    """From the title: no other example or section of the draft has it, for both are anchors of one page."""
    key = slugify(title)[:KEY_MAX_LENGTH].strip("-") or "example"
    taken = {*draft.examples.values_list("slug", flat=True), *draft.sections.values_list("slug", flat=True)}
    number = 2
    free = key
    while free in taken:
        free = f"{key}-{number}"
        number += 1
    return free
