"""Addresses of a round's pages in a template, whether the round is a real one or one of practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from decisions.views.pages import AnyRound

register = template.Library()


@register.simple_tag
def part_url(round: AnyRound, part: str) -> str:
    return round.part_url(part)
