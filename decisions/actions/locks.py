"""Locks rows until the transaction ends, so that an action judges and changes them as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.models import Decision, Round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def lock_decision(key: int) -> Decision:
    """The decision with its organisation; no round begins or ends meanwhile."""
    return Decision.objects.select_for_update(of=["self"]).select_related("organisation").get(pk=key)


def lock_round(round: Round, *, by: User) -> Round:
    """The round with its decision and guide version; its author is `by` where they wrote it."""
    locked = (
        Round.objects.select_for_update(of=["self", "decision"])
        .select_related("decision__organisation", "decision__team", "version")
        .get(pk=round.pk)
    )
    if locked.author_id == by.pk:
        locked.author = by
    return locked
