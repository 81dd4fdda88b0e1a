"""Who may read a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from decisions.database.involvement import is_opened_to
from sharingwell.accounts.models import Role

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

NOBODY = Q(pk__in=[])  # PostgreSQL is not asked


def readable_by(user: User | AnonymousUser, decision: str = "") -> Q:
    """Decisions this person may read, in their own organisation: author, responsible person, people it is shared
    with, advisers, managers of its team, IG managers.

    No other role opens a decision; neither does being a superuser. `decision` is the prefix of a lookup that leads from
    a row to its decision.
    """
    if not user.is_authenticated or not user.is_active or user.organisation is None:
        return NOBODY
    ours = Q(**{f"{decision}organisation": user.organisation})
    if user.has_role(Role.IG_MANAGER):
        return ours
    readable = Q(**{f"{decision}author": user}) | is_opened_to(user.pk, f"{decision}pk")
    if user.has_role(Role.MANAGER):
        readable |= Q(**{f"{decision}team": user.team})
    return ours & readable
