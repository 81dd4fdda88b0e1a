"""Renders a version's considerations: HTML and the cited passages."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from guidance.choices import Part
from guidance.content.schema import Consideration
from guidance.models import Consideration as ConsiderationRow
from guidance.render.guide import Passage, RenderedGuide
from guidance.render.markdown import RenderContext, render_markdown


@dataclass(frozen=True)
class RenderedConsideration:
    """`text` is the plain text, for records and documents."""

    key: str
    part: Part
    kind: ConsiderationRow.Kind
    html: SafeString
    text: str
    passages: tuple[Passage, ...]


def render_considerations(
    considerations: Iterable[Consideration], guide: RenderedGuide
) -> dict[str, RenderedConsideration]:
    """By key, in the guide's order. Omits invalid citations, which a draft may have."""
    return {each.key: _render(each, guide) for each in considerations}


def _render(consideration: Consideration, guide: RenderedGuide) -> RenderedConsideration:
    rendered = render_markdown(consideration.text, RenderContext(guide_url=guide.url))
    return RenderedConsideration(
        key=consideration.key,
        part=consideration.part,
        kind=consideration.kind,
        html=rendered,
        text=html.unescape(strip_tags(rendered)).strip(),
        passages=tuple(
            guide.citable[cite] for cite in dict.fromkeys(consideration.cites) if cite in guide.citable
        ),
    )
