"""A text as it is read: blocks (paragraphs, items of a list, panels) of words, taken apart from its Markdown.

`**now**` and `now` differ in how they are set, not in their letters; a link shows its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guidance.render.markdown import parse_markdown

WORD = re.compile(r"((?<!\s)\s++)?(\w+(?:[’'\-./@]\w+)*|[^\w\s])")
MAX_LINES = 200  # a text of letters with a line each is no text, and would make a page of megabytes
BLOCKS = {"blockquote_open": "quote", "hr": "rule"}
STYLES = {"strong": "strong", "em": "em", "code_inline": "code", "sup": "sup"}


@dataclass(frozen=True)
class Word:
    """A word or a mark between words, as it is set (`strong`, `em` …). A space before it is no part of it."""

    text: str
    style: frozenset[str] = frozenset()
    spaced: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Block:
    """A paragraph, an item of a list, or what the guide sets apart; `depth` counts the lists around it."""

    kind: str
    depth: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return text_of(self.words)


def text_of(words: Sequence[Word]) -> str:
    return "".join(f"{' ' if word.spaced else ''}{word.text}" for word in words).lstrip(" ")


def plain_blocks(text: str) -> tuple[Block, ...]:
    """A text without Markdown: each line is a block, and all that follows the first `MAX_LINES` is one more."""
    lines = text.splitlines()
    lines[MAX_LINES:] = [" ".join(lines[MAX_LINES:])]
    words = (tuple(_words(line, frozenset())) for line in lines)
    return tuple(Block("paragraph", 0, each) for each in words if each)


def blocks_of(markdown: str, names: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The text as it is read, its blocks in order."""
    return tuple(_blocks(markdown, names or {}))


def _blocks(markdown: str, names: Mapping[str, str]) -> Iterator[Block]:
    lists: list[str] = []
    kinds: list[str] = []  # of the items that have been opened; the first paragraph of one carries its mark
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
    """What is set apart, in words: `example eviction` is “Example: The eviction that was not shared”."""
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
            dress = frozenset([*style, "code"] if kind == "code_inline" else style)
            linked += content
            yield from _words(space + content, dress)
            space = " " if content[-1:].isspace() else ""


def _words(text: str, style: frozenset[str]) -> Iterator[Word]:
    for found in WORD.finditer(text):
        yield Word(found[2], style, spaced=bool(found[1]))
