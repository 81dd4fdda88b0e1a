"""Lists what a version lacks, for guide editors; derived from the text on each call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidance.content.document import CONTAINER
from guidance.content.schema import Example, Section
from guidance.render.markdown import find_dead_links


@dataclass(frozen=True)
class MissingLink:
    """Link without an address: `words` in `passage`, in the section or example titled `section`."""

    section: str
    anchor: str
    words: str
    passage: str


@dataclass(frozen=True)
class MissingFigure:
    """Figure missing after the text `after`; the website shows its own `drawing`."""

    section: str
    anchor: str
    after: str
    drawing: str


@dataclass(frozen=True)
class MissingContent:
    links: tuple[MissingLink, ...]
    figures: tuple[MissingFigure, ...]


def find_missing_content(sections: Iterable[Section], examples: Iterable[Example]) -> MissingContent:
    """In the order of the text: each section, then its examples."""
    links: list[MissingLink] = []
    figures: list[MissingFigure] = []
    all_examples = list(examples)
    for section in sections:
        texts = [(section.slug, section.body)] + [
            (e.slug, e.body) for e in all_examples if e.section == section.slug
        ]
        for anchor, text in texts:
            links += [
                MissingLink(section.title, anchor, link.words, link.passage) for link in find_dead_links(text)
            ]
            figures += [
                MissingFigure(section.title, anchor, after, drawing) for after, drawing in _stand_ins(text)
            ]
    return MissingContent(tuple(links), tuple(figures))


def _stand_ins(text: str) -> Iterator[tuple[str, str]]:
    before = ""
    for line in text.split("\n"):
        container = CONTAINER.match(line)
        if container and (what := container["what"].split()) and what[0] == "stand-in":
            yield before, " ".join(what[1:])
        elif line.strip():
            before = line.strip()
