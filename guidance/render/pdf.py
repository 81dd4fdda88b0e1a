"""A published version as a PDF: tagged (PDF/UA-1), with contents and working links, by typst.

The words go to typst as data, never as its code, so that no word of the guide can mean anything to it: the Markdown
becomes nodes (`Node`), and `guidance/render/guide.typ` says how each kind of node looks. The fonts are those that come
with typst, so the same version makes the same bytes on every machine.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import typst
from markdown_it.tree import SyntaxTreeNode

from guidance.content.from_rows import examples_from_rows, resources_from_rows, sections_from_rows
from guidance.content.schema import Example, Resource, Section
from guidance.models import GuideVersion
from guidance.render.letters import Lettering
from guidance.render.markdown import parse_markdown

TEMPLATE = Path(__file__).with_name("guide.typ").read_bytes()
MAX_CACHED = 16  # PDFs in each process: the first version takes 94 KB, and 30 ms to draw

KINDS = {
    "paragraph": "paragraph",
    "strong": "strong",
    "em": "emphasis",
    "sup": "raised",
    "blockquote": "quotation",
    "hr": "line",
    "softbreak": "space",
    "hardbreak": "line-break",
    "container_remember": "remember",
    "list_item": "group",
    "inline": "group",
    "root": "group",
}
SCHEMES = {"http", "https", "mailto"}
FIGURE_ALT = (
    "Three overlapping circles: what is needed, who is asking, and why. Your role is where the three meet."
)

Node = dict[str, Any]
SPACE: Node = {"kind": "text", "text": " "}


def guide_pdf(version: GuideVersion, address: str, newer: str) -> bytes:
    """The version, which must be published. No query when this process has drawn it before.

    `address` and `newer` are absolute: where the version and the list of versions are on the web.
    """
    return _cached_pdf(_PdfKey(version, address, newer))


class _PdfKey:
    """What a PDF is made of, as a key: equal to itself however often the version is fetched."""

    def __init__(self, version: GuideVersion, address: str, newer: str) -> None:
        self.version, self.address, self.newer = version, address, newer
        self.key = (version.pk, version.published_at, address, newer)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _PdfKey) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=MAX_CACHED)
def _cached_pdf(wanted: _PdfKey) -> bytes:
    version = wanted.version
    return render_pdf(
        date=version.date,  # type: ignore[arg-type]  # what is published has one
        title=version.title,
        subtitle=version.subtitle,
        address=wanted.address,
        newer=wanted.newer,
        sections=sections_from_rows(version),
        examples=examples_from_rows(version),
        resources=resources_from_rows(version),
    )


def render_pdf(
    *,
    date: datetime.date,
    title: str,
    subtitle: str,
    address: str,
    newer: str,
    sections: tuple[Section, ...],
    examples: tuple[Example, ...],
    resources: tuple[Resource, ...],
) -> bytes:
    """The bytes of the PDF: the same for the same values."""
    day = f"{date:%-d %B %Y}"
    lettering = Lettering()
    showable = lettering.showable
    writer = _Writer(address, {example.slug: example for example in examples}, resources, lettering)
    guide = {
        "document_title": showable(f"{title}: version of {day}"),
        "date": [date.year, date.month, date.day],
        "title": showable(title),
        "subtitle": showable(subtitle),
        "version": f"Version of {day}",
        "at": {"before": "On the web:", "address": address, "shown": showable(address)},
        "newer": {"before": "Look for newer versions:", "address": newer, "shown": showable(newer)},
        "contents": "Contents",
        "footer": showable(f"{title}, version of {day}"),
        "text": writer.write(sections),
    }
    return _compile(TEMPLATE, guide=json.dumps(guide))


def _compile(template: bytes, **inputs: str) -> bytes:
    """Raises TypstError where the outcome would not be PDF/UA-1."""
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs=inputs
    )


class _Writer:
    """Sections as nodes. A link within the guide leads to its place in the PDF where there is one."""

    def __init__(
        self,
        address: str,
        examples: Mapping[str, Example],
        resources: Iterable[Resource],
        lettering: Lettering,
    ) -> None:
        self.address = address
        self.lettering = lettering
        self.examples = examples
        self.resources = resources
        self.anchors: set[str] = set()
        self.links: list[Node] = []
        self.open_examples: list[str] = []

    def write(self, sections: Iterable[Section]) -> list[Node]:
        nodes = [node for section in sections for node in self._section(section)]
        for link in self.links:
            anchor = link["to"].removeprefix(f"{self.address}#")
            if anchor in self.anchors:
                link.update(to=anchor, internal=True)
        return nodes

    def _section(self, section: Section) -> Iterator[Node]:
        yield {
            "kind": "heading",
            "level": section.level,
            "anchor": self._anchor(section.slug),
            "children": [self._text(section.title)],
        }
        yield from self._markdown(section.body)

    def _text(self, words: str) -> Node:
        return {"kind": "text", "text": self.lettering.showable(words)}

    def _markdown(self, text: str) -> list[Node]:
        return self._nodes(SyntaxTreeNode(parse_markdown(text)))

    def _nodes(self, parent: SyntaxTreeNode) -> list[Node]:
        return [node for child in parent.children for node in self._node(child)]

    def _node(self, node: SyntaxTreeNode) -> list[Node]:
        match node.type:
            case "text":
                return [self._text(node.content)]
            case "code_inline":
                return [{"kind": "code", "text": self.lettering.showable(node.content)}]
            case "link":
                return self._link(str(node.attrs.get("href", "")), self._nodes(node))
            case "bullet_list":
                return [{"kind": "bullets", "tight": _is_tight(node), "children": self._nodes(node)}]
            case "ordered_list":
                start = int(node.attrs.get("start", 1))
                return [
                    {
                        "kind": "numbers",
                        "start": start,
                        "tight": _is_tight(node),
                        "children": self._nodes(node),
                    }
                ]
            case "container_example":
                return self._example(node.info.strip().partition(" ")[2].strip())
            case "container_note":
                return [self._note(node.info.strip().partition(" ")[2].strip(), self._nodes(node))]
            case "container_stand-in":
                return [{"kind": "figure", "alt": FIGURE_ALT, "children": self._nodes(node)}]
            case "container_resources":
                return [self._resources()]
        return [{"kind": KINDS[node.type], "children": self._nodes(node)}]

    def _link(self, href: str, children: list[Node]) -> list[Node]:
        """Its words alone where the page would not make it a link either."""
        to = urljoin(self.address, href)
        if urlsplit(to).scheme not in SCHEMES:
            return children
        link: Node = {"kind": "link", "to": to, "internal": False, "children": children}
        self.links.append(link)
        return [link]

    def _example(self, slug: str) -> list[Node]:
        if slug not in self.examples or slug in self.open_examples:
            return []
        self.open_examples.append(slug)
        children = self._markdown(self.examples[slug].body)
        self.open_examples.pop()
        return [{"kind": "example", "anchor": self._anchor(slug), "children": children}]

    def _note(self, number: str, children: list[Node]) -> Node:
        raised: Node = {"kind": "raised", "children": [self._text(number)]}
        return {
            "kind": "note",
            "anchor": self._anchor(f"note-{number}"),
            "children": [_in_first_paragraph(raised, children)],
        }

    def _resources(self) -> Node:
        return {
            "kind": "bullets",
            "tight": True,
            "children": [
                {
                    "kind": "group",
                    "children": [
                        self._text(f"{resource.title}: "),
                        *self._link(resource.url, [self._text(resource.url)]),
                    ],
                }
                for resource in self.resources
            ],
        }

    def _anchor(self, name: str) -> str | None:
        """The first of a name has it."""
        if name in self.anchors:
            return None
        self.anchors.add(name)
        return name


def _is_tight(items: SyntaxTreeNode) -> bool:
    """Markdown's own sense: no empty line stood between the items."""
    return all(
        child.hidden for item in items.children for child in item.children if child.type == "paragraph"
    )


def _in_first_paragraph(node: Node, children: list[Node]) -> Node:
    if children and children[0]["kind"] == "paragraph":
        first, *others = children
        children = [{**first, "children": [node, SPACE, *first["children"]]}, *others]
    else:
        children = [{"kind": "paragraph", "children": [node]}, *children]
    return {"kind": "group", "children": children}
