"""Where a reader of an older version finds the same passage now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guidance.render.guide import RenderedGuide, RenderedSection


@dataclass(frozen=True)
class Place:
    """A section of an older version and where to read on in a newer one.

    `newer` is the section of the same anchor or, where that `is_gone`, the nearest one before it that still exists;
    None where no section before it does: then the guide's beginning.
    """

    section: RenderedSection
    newer: RenderedSection | None
    is_gone: bool


def places(older: RenderedGuide, newer: RenderedGuide) -> Iterator[Place]:
    """Each section of the older version, in its order."""
    still_there = {section.slug: section for section in newer.sections}
    nearest: RenderedSection | None = None
    for section in older.sections:
        is_gone = section.slug not in still_there
        nearest = still_there.get(section.slug, nearest)
        yield Place(section, nearest, is_gone)
