"""Maps the sections of an older version to those of the current one. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guidance.render.guide import RenderedGuide, RenderedSection


@dataclass(frozen=True)
class MappedSection:
    """Section of an older version, and where to continue reading in a newer one.

    `newer` is the section with the same anchor or, where that `is_removed`, the nearest one before it that still
    exists; None where there is none: then the beginning of the guide.
    """

    section: RenderedSection
    newer: RenderedSection | None
    is_removed: bool


def map_sections(older: RenderedGuide, newer: RenderedGuide) -> Iterator[MappedSection]:
    """Mapping of each section of the older version, in its order."""
    newer_sections = {section.slug: section for section in newer.sections}
    nearest: RenderedSection | None = None
    for section in older.sections:
        is_removed = section.slug not in newer_sections
        nearest = newer_sections.get(section.slug, nearest)
        yield MappedSection(section, nearest, is_removed)
