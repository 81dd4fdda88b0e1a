"""Renders a published version as tagged PDF (PDF/UA-1), with contents and links, by typst.

The text is passed to typst as data, never as code: Markdown becomes nodes (`Node`), and `guidance/render/guide.typ`
lays out each kind of node. Only typst's own fonts are used, so that a version gives the same bytes on every machine.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
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
from guidance.render.markdown import parse_markdown

TEMPLATE = Path(__file__).with_name("guide.typ").read_bytes()
GLYPH_TEST = b'#set document(title: "Trial")\n#set text(font: "Libertinus Serif")\n#text(sys.inputs.text)'
MAX_CACHED = 16  # PDFs per process: the first version takes 94 KB, and 30 ms to render

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
LONG_WORD = re.compile(r"\S{60}(?=\S)")  # allow a break, to stay on the page
WITHOUT_GLYPHS = "(text that cannot be shown)"
ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
FIGURE_ALT = (
    "Three overlapping circles: what is needed, who is asking, and why. Your role is where the three meet."
)

Node = dict[str, Any]


def guide_pdf(version: GuideVersion, address: str, newer: str) -> bytes:
    """PDF of a published version. No query once cached.

    `address` and `newer` are the absolute URLs of the version and of the list of versions.
    """
    return _cached_pdf(_PdfKey(version, address, newer))


class _PdfKey:
    """Cache key of a PDF: the published version and the URLs."""

    def __init__(self, version: GuideVersion, address: str, newer: str) -> None:
        self.version, self.address, self.newer = version, address, newer
        self.key = (version.pk, version.published_at, address, newer)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _PdfKey) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=MAX_CACHED)
def _cached_pdf(key: _PdfKey) -> bytes:
    version = key.version
    return render_pdf(
        date=version.date,  # type: ignore[arg-type]  # published versions have one
        title=version.title,
        subtitle=version.subtitle,
        address=key.address,
        newer=key.newer,
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
    """Bytes of the PDF: the same for the same values."""
    day = f"{date:%-d %B %Y}"
    writer = _Writer(address, {example.slug: example for example in examples}, resources)
    guide = {
        "document_title": printable_text(f"{title}: version of {day}"),
        "date": [date.year, date.month, date.day],
        "title": printable_text(title),
        "subtitle": printable_text(subtitle),
        "version": f"Version of {day}",
        "at": {"before": "On the web:", "address": address, "shown": printable_text(address)},
        "newer": {"before": "Look for newer versions:", "address": newer, "shown": printable_text(newer)},
        "contents": "Contents",
        "footer": printable_text(f"{title}, version of {day}"),
        "text": writer.write(sections),
    }
    return _compile(TEMPLATE, guide=json.dumps(guide))


def _compile(template: bytes, **inputs: str) -> bytes:
    """Raises TypstError where the result is not PDF/UA-1."""
    return typst.compile(
        template, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs=inputs
    )


class _Writer:
    """Converts sections to nodes. A link within the guide leads to its place in the PDF, if it is there."""

    def __init__(self, address: str, examples: Mapping[str, Example], resources: Iterable[Resource]) -> None:
        self.address = address
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
            "children": [_text(section.title)],
        }
        yield from self._markdown(section.body)

    def _markdown(self, text: str) -> list[Node]:
        return self._nodes(SyntaxTreeNode(parse_markdown(text)))

    def _nodes(self, parent: SyntaxTreeNode) -> list[Node]:
        return [node for child in parent.children for node in self._node(child)]

    def _node(self, node: SyntaxTreeNode) -> list[Node]:
        match node.type:
            case "text":
                return [_text(node.content)]
            case "code_inline":
                return [{"kind": "code", "text": printable_text(node.content)}]
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
        """Only the text for schemes that the web page does not link either."""
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
        superscript: Node = {"kind": "raised", "children": [_text(number)]}
        return {
            "kind": "note",
            "anchor": self._anchor(f"note-{number}"),
            "children": [_in_first_paragraph(superscript, children)],
        }

    def _resources(self) -> Node:
        return {
            "kind": "bullets",
            "tight": True,
            "children": [
                {
                    "kind": "group",
                    "children": [
                        _text(f"{resource.title}: "),
                        *self._link(resource.url, [_text(resource.url)]),
                    ],
                }
                for resource in self.resources
            ],
        }

    def _anchor(self, name: str) -> str | None:
        """Only the first use of a name gets the anchor."""
        if name in self.anchors:
            return None
        self.anchors.add(name)
        return name


def _text(words: str) -> Node:
    return {"kind": "text", "text": printable_text(words)}


def _is_tight(items: SyntaxTreeNode) -> bool:
    """Markdown's tight lists: no empty line between the items."""
    return all(
        child.hidden for item in items.children for child in item.children if child.type == "paragraph"
    )


def _in_first_paragraph(node: Node, children: list[Node]) -> Node:
    if children and children[0]["kind"] == "paragraph":
        first, *others = children
        children = [{**first, "children": [node, _text(" "), *first["children"]]}, *others]
    else:
        children = [{"kind": "paragraph", "children": [node]}, *children]
    return {"kind": "group", "children": children}


def printable_text(words: str) -> str:
    """Replaces characters without a glyph (an emoji, say) by their names.

    PDF/UA allows neither missing glyphs nor empty titles.
    """
    printable = "".join(
        character if _is_printable_ascii(character) or _has_glyph(character) else _character_name(character)
        for character in unicodedata.normalize("NFC", words)
    )
    if words.strip() and not any(unicodedata.category(character)[0] in "LNPS" for character in printable):
        return WITHOUT_GLYPHS
    return LONG_WORD.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", printable)


def _is_printable_ascii(character: str) -> bool:
    return character.isascii() and character.isprintable()


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "")
    is_mark = unicodedata.category(character) in {"Cf", "Mn", "Me"}  # as those that join or colour emojis
    return "" if is_mark or not name else f"({name.lower()})"


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Whether typst's fonts have a glyph; tested after a letter, as for a combining mark."""
    try:
        _compile(GLYPH_TEST, text=f"e{character}")
    except typst.TypstError:
        return False
    return True
