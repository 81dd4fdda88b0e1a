"""Renders the guide's Markdown as HTML: raw HTML is escaped, and the output is sanitised.

Containers (`::: example …`, `::: remember`, `::: note 1`, `::: stand-in …`, `::: resources`) are rendered by the
templates in `templates/guidance/components/`, and inserted after sanitising, which covers only the HTML made from
Markdown.
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
# Headings belong to sections; the other rules are unused, or ambiguous with headings and containers.
DISABLED_RULES = ("heading", "lheading", "code", "fence", "html_block", "html_inline", "image", "reference")
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
    """Link without an address: its text, and the passage around it."""

    words: str
    passage: str


@dataclass
class RenderContext:
    """References that a piece of Markdown may use, and those found while rendering.

    With a `guide_url` (URL of the guide's page) the piece is rendered for another page: it has no anchors, and links
    within the guide lead to that page.
    """

    examples: Mapping[str, Example] = field(default_factory=dict)
    resources: Sequence[Resource] = ()
    guide_url: str = ""
    dead_links: list[DeadLink] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    notes_referred_to: set[str] = field(default_factory=set)

    @property
    def is_embedded(self) -> bool:
        return bool(self.guide_url)


def render_markdown(text: str, context: RenderContext | None = None) -> SafeString:
    return _render(text, context or RenderContext())


def find_dead_links(text: str) -> tuple[DeadLink, ...]:
    """Links without an address. Renders nothing."""
    context = RenderContext()
    _parser.parse(text, {"context": context})
    return tuple(context.dead_links)


def parse_markdown(text: str) -> list[Token]:
    """Tokens, for other renderers. Links without an address are replaced by their text."""
    return _parser.parse(text, {"context": RenderContext()})


def _render(text: str, context: RenderContext) -> SafeString:
    return _sanitised(_parser.render(text, {"context": context}), context)


def _sanitised(html: str, context: RenderContext) -> SafeString:
    """Sanitises the HTML, then inserts the rendered containers."""
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    return mark_safe(SLOT.sub(lambda slot: context.slots[int(slot[1])], clean))  # noqa: S308  # sanitised by nh3


class _Renderer(RendererHTML):
    def render(self, tokens: Sequence[Token], options: OptionsDict, env: Any) -> str:
        """Replaces each container by a slot for its rendered template."""
        parts, at, index = [], 0, 0
        while index < len(tokens):
            if tokens[index].type.startswith("container_") and tokens[index].nesting == 1:
                end = _closing(tokens, index)
                parts.append(super().render(tokens[at:index], options, env))
                inner = self.render(tokens[index + 1 : end], options, env)
                parts.append(_render_container(tokens[index].info.strip(), inner, env["context"]))
                at = index = end + 1
            else:
                index += 1
        return "".join([*parts, super().render(tokens[at:], options, env)])


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        if tokens[index].type.startswith("container_"):
            depth += tokens[index].nesting
            if depth == 0:
                return index
    return len(tokens)


def _render_container(info: str, inner: str, context: RenderContext) -> str:
    name, _, argument = info.partition(" ")
    template_context: dict[str, Any] = {
        "name": argument.strip(),
        "content": _sanitised(inner, context),
        "is_embedded": context.is_embedded,
    }
    if name == "example":
        example = context.examples.get(argument.strip())
        if example is None:
            return ""
        template_context |= {"example": example, "content": _render(example.body, context)}
    elif name == "resources":
        template_context["resources"] = context.resources
    template = f"guidance/components/{name.replace('-', '_')}.html"
    context.slots.append(render_to_string(template, template_context).strip())
    return f'<div data-slot="{len(context.slots) - 1}"></div>'


def _note_reference(state: StateInline, silent: bool) -> bool:
    """`[^1]` links to the note of that number; the note links back to the first reference."""
    found = NOTE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        number, context = found[1], state.env["context"]
        state.push("sup_open", "sup", 1)
        link = state.push("link_open", "a", 1)
        link.attrs = {"href": f"#note-{number}", "aria-label": f"Note {number}"}
        if not context.is_embedded and number not in context.notes_referred_to:
            link.attrs["id"] = f"note-{number}-reference"
        context.notes_referred_to.add(number)
        state.push("text", "", 0).content = number
        state.push("link_close", "a", -1)
        state.push("sup_close", "sup", -1)
    state.pos = found.end()
    return True


def _resolve_links(state: StateCore) -> None:
    """Replaces links without an address by their text, makes anchors absolute, and adds CSS classes."""
    context: RenderContext = state.env["context"]
    for token in state.tokens:
        _add_classes(token)
        if token.children is None:
            continue
        remaining: list[Token] = []
        in_dead_link = False
        for index, child in enumerate(token.children):
            if child.type == "link_open" and child.attrGet("href") in {"#", ""}:
                in_dead_link = True
                words = _text(_link_tokens(token.children[index + 1 :]))
                context.dead_links.append(DeadLink(words, _text(token.children)))
                continue
            if child.type == "link_close" and in_dead_link:
                in_dead_link = False
                continue
            if child.type == "link_open" and str(child.attrGet("href")).startswith("#"):
                child.attrSet("href", f"{context.guide_url}{child.attrGet('href')}")
            _add_classes(child)
            remaining.append(child)
        token.children = remaining


def _add_classes(token: Token) -> None:
    if classes := CLASSES.get(token.type):
        token.attrJoin("class", classes)


def _link_tokens(children: Sequence[Token]) -> list[Token]:
    """Tokens of a link's text; links are never nested."""
    closing = next((i for i, child in enumerate(children) if child.type == "link_close"), len(children))
    return list(children[:closing])


def _text(children: Sequence[Token]) -> str:
    return "".join(" " if child.type in {"softbreak", "hardbreak"} else child.content for child in children)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    for name in CONTAINERS:
        parser.use(container_plugin, name)
    parser.disable(list(DISABLED_RULES))
    parser.inline.ruler.before("link", "note_reference", _note_reference)
    parser.core.ruler.push("resolve_links", _resolve_links)
    return parser


_parser = _make_parser()
