"""What the rest of the product may ask of the guide.

What is published never changes, so a published version is read and rendered once in each process. Drafts are read
each time. Which version is current is asked of the database each time: a new one shows at once, on every worker.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import TypeVar

from django.utils.safestring import SafeString

from guidance.content.from_rows import (
    considerations_from_rows,
    examples_from_rows,
    guide_from_rows,
    principles_from_rows,
    questions_from_rows,
    resources_from_rows,
    sections_from_rows,
    stored_text,
)
from guidance.content.schema import Consideration, Option, Question
from guidance.diff.versions import Differences, compare
from guidance.models import GuideVersion
from guidance.render.considerations import RenderedConsideration, render_considerations
from guidance.render.digests import digest_of
from guidance.render.guide import Passage, RenderedGuide, render_guide
from guidance.render.markdown import Surroundings, render_markdown

__all__ = [
    "Consideration",
    "Differences",
    "Option",
    "Passage",
    "Question",
    "RenderedConsideration",
    "RenderedGuide",
    "cached_if_published",
    "change_note",
    "considerations",
    "current_version",
    "differences",
    "digest",
    "questions",
    "questions_before",
    "rendered",
    "rendered_considerations",
]

VERSIONS_KEPT = 32
PAIRS_KEPT = 64

Read = TypeVar("Read")


class _Published:
    """A published version as a key: equal to itself however often it is fetched.

    When it was published is part of it, so that a database made anew (with its numbering begun again) is not taken
    for the one before.
    """

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        self.key: tuple[int, datetime.datetime | None] = (version.pk, version.published_at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Published) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def cached_if_published(read: Callable[[GuideVersion], Read]) -> Callable[[GuideVersion], Read]:
    """What is read of a published version is kept in this process; of a draft it is read each time."""

    @lru_cache(maxsize=VERSIONS_KEPT)
    def kept(published: _Published) -> Read:
        return read(published.version)

    @wraps(read)
    def reading(version: GuideVersion) -> Read:
        return read(version) if version.published_at is None else kept(_Published(version))

    return reading


def current_version() -> GuideVersion | None:
    """The version to work from; None where nothing has been published. One query."""
    return GuideVersion.objects.published().order_by("-date").first()


@cached_if_published
def rendered(version: GuideVersion) -> RenderedGuide:
    """The version as it is shown. No query when it has been rendered before."""
    return render_guide(
        date=version.date,
        title=version.title,
        subtitle=version.subtitle,
        sections=sections_from_rows(version),
        examples=examples_from_rows(version),
        principles=principles_from_rows(version),
        principles_url=version.principles_url,
        resources=resources_from_rows(version),
    )


@cached_if_published
def questions(version: GuideVersion) -> tuple[Question, ...]:
    """What the version asks, in order: two queries the first time, then none."""
    return questions_from_rows(version)


@cached_if_published
def considerations(version: GuideVersion) -> tuple[Consideration, ...]:
    """What the version offers to think about, in order: one query the first time, then none.

    `guidance.considerations.shown` says which of them a set of answers calls for.
    """
    return considerations_from_rows(version)


@cached_if_published
def rendered_considerations(version: GuideVersion) -> Mapping[str, RenderedConsideration]:
    """Each of them by its key, as it is shown. No query when the version has been rendered before."""
    return MappingProxyType(render_considerations(considerations(version), rendered(version)))


@cached_if_published
def change_note(version: GuideVersion) -> SafeString:
    """What the version says of its changes, as it is shown."""
    return render_markdown(version.change_note, Surroundings(home=version.get_absolute_url()))


@cached_if_published
def digest(version: GuideVersion) -> str:
    """SHA-256 of everything there is to read in the version: see `guidance.render.digests`."""
    return digest_of(guide_from_rows(version))


def differences(old: GuideVersion, new: GuideVersion) -> Differences:
    """What changed between two versions. No query where both are published and were compared before."""
    if old.published_at is None or new.published_at is None:
        return compare(stored_text(old), stored_text(new))
    return _differences_once(_Published(old), _Published(new))


@lru_cache(maxsize=PAIRS_KEPT)
def _differences_once(old: _Published, new: _Published) -> Differences:
    return compare(stored_text(old.version), stored_text(new.version))


def questions_before(version: GuideVersion) -> Iterator[tuple[Question, ...]]:
    """What each published version before this one asked, the latest first; looked up only when it is wanted."""
    for earlier in GuideVersion.objects.published().filter(date__lt=version.date).order_by("-date"):
        yield questions(earlier)
