"""What a version still lacks, for guide editors: derived from its text each time, stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidance.content.document import CONTAINER
from guidance.content.schema import Example, Section
from guidance.render.markdown import find_dead_links


@dataclass(frozen=True)
class LinkGap:
    """A link that needs an address: `words` in `passage`, under the heading `section`."""

    section: str
    anchor: str
    words: str
    passage: str


@dataclass(frozen=True)
class FigureGap:
    """A figure that is missing after the words `after`; the website's drawing `drawing` stands in for it."""

    section: str
    anchor: str
    after: str
    drawing: str


@dataclass(frozen=True)
class MissingContent:
    links: tuple[LinkGap, ...]
    figures: tuple[FigureGap, ...]


def find_missing_content(sections: Iterable[Section], examples: Iterable[Example]) -> MissingContent:
    """In the order of the text: of each section, then of the examples in it."""
    links: list[LinkGap] = []
    figures: list[FigureGap] = []
    held = list(examples)
    for section in sections:
        texts = [(section.slug, section.body)] + [(e.slug, e.body) for e in held if e.section == section.slug]
        for anchor, text in texts:
            links += [
                LinkGap(section.title, anchor, link.words, link.passage) for link in find_dead_links(text)
            ]
            figures += [
                FigureGap(section.title, anchor, after, drawing) for after, drawing in _stand_ins(text)
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
