"""The guide's Markdown as HTML: no raw HTML goes in, and nothing but known HTML comes out.

What the guide sets apart (`::: example …`, `::: remember`, `::: note 1`, `::: stand-in …`, `::: resources`) is drawn by
the templates in `templates/guidance/components/`. They are kept out of the way of the sanitiser, which looks only at
what came from Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin

from guidance.content.schema import Example, Resource

CONTAINERS = ("example", "remember", "note", "stand-in", "resources")
# Headings are the sections' own; the rest has no use in the guide, or could be taken for a heading or a container.
NOT_USED = ("heading", "lheading", "code", "fence", "html_block", "html_inline", "image", "reference")
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "link_open": "govuk-link",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
TAGS = {"p", "ul", "ol", "li", "a", "em", "strong", "code", "sup", "blockquote", "hr", "br", "div"}
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "title", "id", "aria-label"},
    "ol": {"start"},
    "div": {"data-slot"},
}
SLOT = re.compile(r'<div data-slot="(\d+)"></div>')
NOTE = re.compile(r"\[\^([1-9]\d*)\]")


@dataclass(frozen=True)
class DeadLink:
    """A link whose address is lost: its words, and the passage they stand in."""

    words: str
    passage: str


@dataclass
class Surroundings:
    """What a piece of Markdown may refer to, and what was met in it.

    With a `home` (the address of the guide's page) the piece is shown elsewhere: it has no anchors of its own, and
    links within the guide lead to that page.
    """

    examples: Mapping[str, Example] = field(default_factory=dict)
    resources: Sequence[Resource] = ()
    home: str = ""
    dead_links: list[DeadLink] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    notes_referred_to: set[str] = field(default_factory=set)

    @property
    def is_elsewhere(self) -> bool:
        return bool(self.home)


def render_markdown(text: str, surroundings: Surroundings | None = None) -> SafeString:
    return _render(text, surroundings or Surroundings())


def find_dead_links(text: str) -> tuple[DeadLink, ...]:
    """The links in this piece whose addresses are lost. Nothing is drawn."""
    surroundings = Surroundings()
    _parser.parse(text, {"surroundings": surroundings})
    return tuple(surroundings.dead_links)


def parse_markdown(text: str) -> list[Token]:
    """The text taken apart, for those who draw it otherwise. Links without an address are their words already."""
    return _parser.parse(text, {"surroundings": Surroundings()})


def _render(text: str, surroundings: Surroundings) -> SafeString:
    return _settle(_parser.render(text, {"surroundings": surroundings}), surroundings)


def _settle(html: str, surroundings: Surroundings) -> SafeString:
    """Cleaned, with what our own templates drew put where it belongs."""
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    return mark_safe(SLOT.sub(lambda slot: surroundings.slots[int(slot[1])], clean))  # noqa: S308  # nh3 cleaned it


class _Renderer(RendererHTML):
    def render(self, tokens: Sequence[Token], options: OptionsDict, env: Any) -> str:
        """As ever, but each container is drawn by its template and leaves a slot."""
        drawn, at, index = [], 0, 0
        while index < len(tokens):
            if tokens[index].type.startswith("container_") and tokens[index].nesting == 1:
                end = _closing(tokens, index)
                drawn.append(super().render(tokens[at:index], options, env))
                inner = self.render(tokens[index + 1 : end], options, env)
                drawn.append(_slot(tokens[index].info.strip(), inner, env["surroundings"]))
                at = index = end + 1
            else:
                index += 1
        return "".join([*drawn, super().render(tokens[at:], options, env)])


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].type.startswith("container_"):
            depth += tokens[index].nesting
            if depth == 0:
                return index
    return len(tokens)


def _slot(info: str, inner: str, surroundings: Surroundings) -> str:
    name, _, argument = info.partition(" ")
    context: dict[str, Any] = {
        "name": argument.strip(),
        "content": _settle(inner, surroundings),
        "is_elsewhere": surroundings.is_elsewhere,
    }
    if name == "example":
        example = surroundings.examples.get(argument.strip())
        if example is None:
            return ""
        context |= {"example": example, "content": _render(example.body, surroundings)}
    elif name == "resources":
        context["resources"] = surroundings.resources
    template = f"guidance/components/{name.replace('-', '_')}.html"
    surroundings.slots.append(render_to_string(template, context).strip())
    return f'<div data-slot="{len(surroundings.slots) - 1}"></div>'


def _note_reference(state: StateInline, silent: bool) -> bool:
    """`[^1]` leads to the note of that number, and is where the note leads back to."""
    found = NOTE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        number, surroundings = found[1], state.env["surroundings"]
        state.push("sup_open", "sup", 1)
        link = state.push("link_open", "a", 1)
        link.attrs = {"href": f"#note-{number}", "aria-label": f"Note {number}"}
        if not surroundings.is_elsewhere and number not in surroundings.notes_referred_to:
            link.attrs["id"] = f"note-{number}-reference"
        surroundings.notes_referred_to.add(number)
        state.push("text", "", 0).content = number
        state.push("link_close", "a", -1)
        state.push("sup_close", "sup", -1)
    state.pos = found.end()
    return True


def _finish(state: StateCore) -> None:
    """Links without an address become their words; the rest gets its address in full and its classes."""
    surroundings: Surroundings = state.env["surroundings"]
    for token in state.tokens:
        _dress(token)
        if token.children is None:
            continue
        kept: list[Token] = []
        dropped = False
        for index, child in enumerate(token.children):
            if child.type == "link_open" and child.attrGet("href") in {"#", ""}:
                dropped = True
                words = _words(_until_close(token.children[index + 1 :]))
                surroundings.dead_links.append(DeadLink(words, _words(token.children)))
                continue
            if child.type == "link_close" and dropped:
                dropped = False
                continue
            if child.type == "link_open" and str(child.attrGet("href")).startswith("#"):
                child.attrSet("href", f"{surroundings.home}{child.attrGet('href')}")
            _dress(child)
            kept.append(child)
        token.children = kept


def _dress(token: Token) -> None:
    if classes := CLASSES.get(token.type):
        token.attrJoin("class", classes)


def _until_close(children: Sequence[Token]) -> list[Token]:
    """The words of a link; links do not nest."""
    closing = next((i for i, child in enumerate(children) if child.type == "link_close"), len(children))
    return list(children[:closing])


def _words(children: Sequence[Token]) -> str:
    return "".join(" " if child.type in {"softbreak", "hardbreak"} else child.content for child in children)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    for name in CONTAINERS:
        parser.use(container_plugin, name)
    parser.disable(list(NOT_USED))
    parser.inline.ruler.before("link", "note_reference", _note_reference)
    parser.core.ruler.push("finish", _finish)
    return parser


_parser = _make_parser()
