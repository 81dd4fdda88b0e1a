"""Names of people on pages."""

from __future__ import annotations

import datetime
from typing import Protocol

from django import template

from sharingwell.accounts.models import User

register = template.Library()


class Stated(Protocol):
    """Anything that a person said or did at a moment."""

    @property
    def by(self) -> User: ...

    @property
    def at(self) -> datetime.datetime: ...


@register.filter
def by(fact: Stated) -> str:
    """The name that its author had on the day, and the name of today where it is another."""
    then, today = fact.by.name_at(fact.at), fact.by.name
    return then if then == today else f"{then} (now {today})"
