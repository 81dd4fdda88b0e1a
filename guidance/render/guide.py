"""Renders a version: its sections in HTML, its contents, and the passages that other pages cite."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from guidance.content.schema import Example, Principle, Resource, Section
from guidance.render.markdown import RenderContext, render_markdown

THREE_LINES = 240  # characters, beside a form
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

PassageKind = Literal["section", "example", "principle"]


@dataclass(frozen=True)
class RenderedSection:
    slug: str
    title: str
    level: int
    html: SafeString


@dataclass(frozen=True)
class Contents:
    """Main heading and its subheadings."""

    heading: RenderedSection
    below: tuple[RenderedSection, ...]


@dataclass(frozen=True)
class RenderedExample:
    """`url` is its place in the guide, `section` the heading above it."""

    slug: str
    title: str
    html: SafeString
    section: str
    section_slug: str
    url: str


@dataclass(frozen=True)
class RenderedPrinciple:
    number: int
    title: str
    html: SafeString
    url: str

    @property
    def slug(self) -> str:
        return f"principle-{self.number}"


@dataclass(frozen=True)
class Passage:
    """Citable part of the guide. Its HTML has no anchors; `url` links to it in its version."""

    kind: PassageKind
    title: str
    html: SafeString
    url: str

    @property
    def short_title(self) -> str:
        """A principle by its number."""
        return self.title.partition(":")[0] if self.kind == "principle" else self.title

    @cached_property
    def gist(self) -> str:
        """Its first sentences, as many as fit in three lines; the first one in any case."""
        sentences = SENTENCE_END.split(" ".join(html.unescape(strip_tags(self.html)).split()))
        lengths = accumulate(len(sentence) + 1 for sentence in sentences)
        return " ".join(
            sentence
            for number, (sentence, length) in enumerate(zip(sentences, lengths, strict=True))
            if number == 0 or length <= THREE_LINES
        )


@dataclass(frozen=True)
class RenderedGuide:
    """Everything to read in a version. A draft without a date has no URL."""

    date: datetime.date | None
    title: str
    subtitle: str
    url: str
    sections: tuple[RenderedSection, ...]
    contents: tuple[Contents, ...]
    examples: tuple[RenderedExample, ...]
    principles: tuple[RenderedPrinciple, ...]
    principles_url: str
    resources: tuple[Resource, ...]
    citable: dict[str, Passage]  # by citation, as in “section:what-is-needed”

    @property
    def anchors(self) -> frozenset[str]:
        """Anchors of sections and examples on the guide's page."""
        return frozenset(
            [*(section.slug for section in self.sections), *(example.slug for example in self.examples)]
        )

    def passages(self, cites: Iterable[str]) -> list[Passage]:
        """Cited passages, each once, in order.

        Omits an example whose section is cited, too, and invalid citations, which a draft may have.
        """
        unique = dict.fromkeys(cites)
        examples_in_cited_sections = {
            f"example:{example.slug}"
            for example in self.examples
            if f"section:{example.section_slug}" in unique
        }
        return [
            self.citable[cite]
            for cite in unique
            if cite in self.citable and cite not in examples_in_cited_sections
        ]


def render_guide(
    *,
    date: datetime.date | None,
    title: str,
    subtitle: str,
    sections: tuple[Section, ...],
    examples: tuple[Example, ...],
    principles: tuple[Principle, ...],
    principles_url: str,
    resources: tuple[Resource, ...],
) -> RenderedGuide:
    url = _address("guidance:version", date)
    on_page = RenderContext(examples={example.slug: example for example in examples}, resources=resources)
    cited = RenderContext(examples=on_page.examples, resources=resources, guide_url=url)
    titles = {section.slug: section.title for section in sections}
    rendered_sections = tuple(
        RenderedSection(section.slug, section.title, section.level, render_markdown(section.body, on_page))
        for section in sections
    )
    rendered_examples = tuple(
        RenderedExample(
            example.slug,
            example.title,
            render_markdown(example.body, cited),
            titles.get(example.section, ""),
            example.section,
            f"{url}#{example.slug}",
        )
        for example in examples
    )
    principles_page = _address("guidance:version-principles", date)
    rendered_principles = tuple(
        RenderedPrinciple(
            principle.number,
            principle.title,
            render_markdown(principle.explanation, cited),
            f"{principles_page}#principle-{principle.number}",
        )
        for principle in principles
    )
    citable: dict[str, Passage] = {}
    for section in sections:
        text = render_markdown(section.body, cited)
        citable[f"section:{section.slug}"] = Passage("section", section.title, text, f"{url}#{section.slug}")
        for example, rendered in zip(examples, rendered_examples, strict=True):
            if example.section == section.slug:
                citable[f"example:{example.slug}"] = Passage(
                    "example", rendered.title, rendered.html, rendered.url
                )
    for principle in rendered_principles:
        heading = f"Principle {principle.number}: {principle.title}"
        citable[f"principle:{principle.number}"] = Passage(
            "principle", heading, principle.html, principle.url
        )
    return RenderedGuide(
        date=date,
        title=title,
        subtitle=subtitle,
        url=url,
        sections=rendered_sections,
        contents=_contents(rendered_sections),
        examples=rendered_examples,
        principles=rendered_principles,
        principles_url=principles_url,
        resources=resources,
        citable=citable,
    )


def _address(name: str, date: datetime.date | None) -> str:
    return reverse(name, args=[date]) if date else ""


def _contents(sections: tuple[RenderedSection, ...]) -> tuple[Contents, ...]:
    groups: list[tuple[RenderedSection, list[RenderedSection]]] = []
    for section in sections:
        if section.level == 2 or not groups:
            groups.append((section, []))
        else:
            groups[-1][1].append(section)
    return tuple(Contents(heading, tuple(below)) for heading, below in groups)
