"""Parses Markdown into blocks (paragraphs, list items, containers) of words, for comparison.

`**now**` and `now` differ in style, not in text; a link is followed by its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guidance.render.markdown import parse_markdown

WORD = re.compile(r"(\s*)(\w+(?:[’'\-./@]\w+)*|[^\w\s])")
BLOCKS = {"blockquote_open": "quote", "hr": "rule"}
STYLES = {"strong": "strong", "em": "em", "code_inline": "code", "sup": "sup"}


@dataclass(frozen=True)
class Word:
    """Word or punctuation mark with its style (`strong`, `em` …). Equality ignores the space before it."""

    text: str
    style: frozenset[str] = frozenset()
    spaced: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Block:
    """Paragraph, list item or container; `depth` counts the lists around it."""

    kind: str
    depth: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return text_of(self.words)


def text_of(words: Sequence[Word]) -> str:
    return "".join(f"{' ' if word.spaced else ''}{word.text}" for word in words).lstrip(" ")


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Blocks of a text without Markdown: one per line."""
    lines = (tuple(_words(line, frozenset())) for line in text.splitlines())
    return tuple(Block("paragraph", 0, words) for words in lines if words)


def blocks_of(markdown: str, names: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """Blocks in order; `names` are the titles of examples by slug."""
    return tuple(_blocks(markdown, names or {}))


def _blocks(markdown: str, names: Mapping[str, str]) -> Iterator[Block]:
    lists: list[str] = []
    kinds: list[str] = []  # of the open list item, for its first paragraph
    for token in parse_markdown(markdown):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append("item" if token.type == "bullet_list_open" else "number")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            kinds = [lists[-1]]
        elif token.type.startswith("container_") and token.nesting == 1:
            yield Block("panel", len(lists), tuple(_words(_label(token.info, names), frozenset())))
            kinds = []
        elif token.type in BLOCKS:
            yield Block(BLOCKS[token.type], len(lists), ())
        elif token.type == "inline":
            yield Block(
                kinds.pop() if kinds else "paragraph", len(lists), tuple(_inline(token.children or []))
            )


def _label(info: str, names: Mapping[str, str]) -> str:
    """Heading of a container: `example eviction` is “Example: The eviction that was not shared”."""
    name, _, argument = info.strip().partition(" ")
    if name == "example":
        return f"Example: {names.get(argument.strip(), argument.strip())}"
    return f"{name.replace('-', ' ')} {argument.strip()}".strip().capitalize()


def _inline(children: Sequence[object]) -> Iterator[Word]:
    style: list[str] = []
    address, linked, space = "", "", ""
    for child in children:
        kind, content = child.type, child.content  # type: ignore[attr-defined]  # markdown-it's token
        name = kind.removesuffix("_open").removesuffix("_close")
        if kind in {"softbreak", "hardbreak"}:
            space = " "
        elif kind == "link_open":
            linked = ""
            address = str(child.attrGet("href") or "").removeprefix("mailto:")  # type: ignore[attr-defined]
        elif kind == "link_close" and not address.startswith("#note-") and address != linked:
            yield Word(f"({address})", frozenset(style), spaced=True)
        elif name in STYLES and kind.endswith("_open"):
            style.append(STYLES[name])
        elif name in STYLES and kind.endswith("_close"):
            style.remove(STYLES[name])
        elif content:
            styles = frozenset([*style, "code"] if kind == "code_inline" else style)
            linked += content
            yield from _words(space + content, styles)
            space = " " if content[-1:].isspace() else ""


def _words(text: str, style: frozenset[str]) -> Iterator[Word]:
    for found in WORD.finditer(text):
        yield Word(found[2], style, spaced=bool(found[1]))
