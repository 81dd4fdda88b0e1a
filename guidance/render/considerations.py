"""A version's considerations as they are shown: their text in HTML, and the passages they are grounded in."""

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
from guidance.render.markdown import Surroundings, render_markdown


@dataclass(frozen=True)
class RenderedConsideration:
    """`text` has the same words without markup, for records and documents; `kind.label` says what is meant."""

    key: str
    part: Part
    kind: ConsiderationRow.Kind
    html: SafeString
    text: str
    passages: tuple[Passage, ...]


def render_considerations(
    considerations: Iterable[Consideration], guide: RenderedGuide
) -> dict[str, RenderedConsideration]:
    """By key, in the guide's order. A citation that leads nowhere, as a draft may have, is left out."""
    return {each.key: _render(each, guide) for each in considerations}


def _render(consideration: Consideration, guide: RenderedGuide) -> RenderedConsideration:
    shown = render_markdown(consideration.text, Surroundings(home=guide.url))
    return RenderedConsideration(
        key=consideration.key,
        part=consideration.part,
        kind=consideration.kind,
        html=shown,
        text=html.unescape(strip_tags(shown)).strip(),
        passages=tuple(
            guide.citable[cite] for cite in dict.fromkeys(consideration.cites) if cite in guide.citable
        ),
    )
