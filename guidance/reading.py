"""Read interface of the guide for the rest of the product.

A published version never changes: it is read and rendered once per process. Drafts are read on each call. The current
version is queried on each call, so that a new one appears at once in every process.
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
    messages_from_rows,
    principles_from_rows,
    questions_from_rows,
    resources_from_rows,
    sections_from_rows,
    text_from_rows,
)
from guidance.content.schema import Consideration, Message, Option, Question
from guidance.diff.versions import Differences, compare
from guidance.models import GuideVersion
from guidance.render.considerations import RenderedConsideration, render_considerations
from guidance.render.digests import digest_of
from guidance.render.guide import Passage, RenderedGuide, render_guide
from guidance.render.markdown import RenderContext, render_markdown

__all__ = [
    "Consideration",
    "Differences",
    "Message",
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
    "earlier_questions",
    "messages",
    "questions",
    "rendered",
    "rendered_considerations",
]

MAX_CACHED_VERSIONS = 32
MAX_CACHED_COMPARISONS = 64

Result = TypeVar("Result")


class _VersionKey:
    """Cache key of a published version.

    Includes the time of publication: a new database may use the same primary keys.
    """

    def __init__(self, version: GuideVersion) -> None:
        self.version = version
        self.key: tuple[int, datetime.datetime | None] = (version.pk, version.published_at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _VersionKey) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def cached_if_published(read: Callable[[GuideVersion], Result]) -> Callable[[GuideVersion], Result]:
    """Caches the result for published versions in this process."""

    @lru_cache(maxsize=MAX_CACHED_VERSIONS)
    def cached(published: _VersionKey) -> Result:
        return read(published.version)

    @wraps(read)
    def wrapper(version: GuideVersion) -> Result:
        return read(version) if version.published_at is None else cached(_VersionKey(version))

    return wrapper


def current_version() -> GuideVersion | None:
    """Latest published version, or None. One query."""
    return GuideVersion.objects.published().order_by("-date").first()


@cached_if_published
def rendered(version: GuideVersion) -> RenderedGuide:
    """Rendered version. No query once cached."""
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
    """Questions of the version, in order. Two queries, none once cached."""
    return questions_from_rows(version)


@cached_if_published
def considerations(version: GuideVersion) -> tuple[Consideration, ...]:
    """Considerations of the version, in order. One query, none once cached.

    `guidance.considerations.applicable` selects those that apply to a set of answers.
    """
    return considerations_from_rows(version)


@cached_if_published
def rendered_considerations(version: GuideVersion) -> Mapping[str, RenderedConsideration]:
    """Rendered considerations by key. No query once cached."""
    return MappingProxyType(render_considerations(considerations(version), rendered(version)))


@cached_if_published
def messages(version: GuideVersion) -> tuple[Message, ...]:
    """Messages to send, in order. One query, none once cached."""
    return messages_from_rows(version)


@cached_if_published
def change_note(version: GuideVersion) -> SafeString:
    """Change note as HTML."""
    return render_markdown(version.change_note, RenderContext(guide_url=version.get_absolute_url()))


@cached_if_published
def digest(version: GuideVersion) -> str:
    """SHA-256 of the version's text: see `guidance.render.digests`."""
    return digest_of(guide_from_rows(version))


def differences(old: GuideVersion, new: GuideVersion) -> Differences:
    """Differences between two versions. No query once cached, where both are published."""
    if old.published_at is None or new.published_at is None:
        return compare(text_from_rows(old), text_from_rows(new))
    return _cached_differences(_VersionKey(old), _VersionKey(new))


@lru_cache(maxsize=MAX_CACHED_COMPARISONS)
def _cached_differences(old: _VersionKey, new: _VersionKey) -> Differences:
    return compare(text_from_rows(old.version), text_from_rows(new.version))


def earlier_questions(version: GuideVersion) -> Iterator[tuple[Question, ...]]:
    """Questions of each earlier published version, latest first; loaded lazily."""
    for earlier in GuideVersion.objects.published().filter(date__lt=version.date).order_by("-date"):
        yield questions(earlier)
