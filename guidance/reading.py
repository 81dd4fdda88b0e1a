"""What the rest of the product may ask of the guide.

What is published never changes, so a published version is read and rendered once in each process. Drafts are read
each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from guidance.models import GuideVersion
from guidance.rendered_considerations import RenderedConsideration, render_considerations
from guidance.rendering import Passage, RenderedGuide, render_guide
from guidance.schema import Consideration, Option, Question
from guidance.stored import (
    stored_considerations,
    stored_examples,
    stored_principles,
    stored_questions,
    stored_resources,
    stored_sections,
)

__all__ = [
    "Consideration",
    "Option",
    "Passage",
    "Question",
    "RenderedConsideration",
    "RenderedGuide",
    "considerations",
    "current_version",
    "questions",
    "questions_before",
    "rendered",
    "rendered_considerations",
]

VERSIONS_KEPT = 32


def current_version() -> GuideVersion | None:
    """The version to work from; None where nothing has been published. One query."""
    return GuideVersion.objects.published().order_by("-date").first()


def rendered(version: GuideVersion) -> RenderedGuide:
    """The version as it is shown. No query when it has been rendered before."""
    if version.published_at is None:
        return _render(version)
    return _rendered_once(_Published(version))


def questions(version: GuideVersion) -> tuple[Question, ...]:
    """What the version asks, in order: two queries the first time, then none."""
    if version.published_at is None:
        return stored_questions(version)
    return _questions_once(_Published(version))


def considerations(version: GuideVersion) -> tuple[Consideration, ...]:
    """What the version offers to think about, in order: one query the first time, then none.

    `guidance.considerations.shown` says which of them a set of answers calls for.
    """
    if version.published_at is None:
        return stored_considerations(version)
    return _considerations_once(_Published(version))


def rendered_considerations(version: GuideVersion) -> Mapping[str, RenderedConsideration]:
    """Each of them by its key, as it is shown. No query when the version has been rendered before."""
    if version.published_at is None:
        return render_considerations(considerations(version), rendered(version))
    return _rendered_considerations_once(_Published(version))


def questions_before(version: GuideVersion) -> Iterator[tuple[Question, ...]]:
    """What each published version before this one asked, the latest first; looked up only when it is wanted."""
    for earlier in GuideVersion.objects.published().filter(date__lt=version.date).order_by("-date"):
        yield questions(earlier)


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


@lru_cache(maxsize=VERSIONS_KEPT)
def _rendered_once(published: _Published) -> RenderedGuide:
    return _render(published.version)


@lru_cache(maxsize=VERSIONS_KEPT)
def _questions_once(published: _Published) -> tuple[Question, ...]:
    return stored_questions(published.version)


@lru_cache(maxsize=VERSIONS_KEPT)
def _considerations_once(published: _Published) -> tuple[Consideration, ...]:
    return stored_considerations(published.version)


@lru_cache(maxsize=VERSIONS_KEPT)
def _rendered_considerations_once(published: _Published) -> Mapping[str, RenderedConsideration]:
    version = published.version
    return MappingProxyType(render_considerations(considerations(version), rendered(version)))


def _render(version: GuideVersion) -> RenderedGuide:
    return render_guide(
        date=version.date,
        title=version.title,
        subtitle=version.subtitle,
        sections=stored_sections(version),
        examples=stored_examples(version),
        principles=stored_principles(version),
        principles_url=version.principles_url,
        resources=stored_resources(version),
    )
