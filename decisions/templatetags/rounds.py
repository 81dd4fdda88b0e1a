"""Template tags for real and practice rounds."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

if TYPE_CHECKING:
    from decisions.views.round_context import AnyRound

register = template.Library()


@register.simple_tag
def part_url(round: AnyRound, part: str, then: str = "") -> str:
    """The address of a part. With `then="check"`, saving it leads to the check page."""
    return round.part_url(part) + (f"?then={then}" if then else "")


@register.filter
def age(moment: datetime.datetime) -> str:
    """Time since a moment in its largest unit: “3 hours ago”."""
    if timezone.now() - moment < datetime.timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"
