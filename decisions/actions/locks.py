"""Row locks held until the transaction ends, so that actions check and change current rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.models import Decision, Round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def lock_decision(key: int) -> Decision:
    """Locks and returns the decision with its organisation. No round can start or be recorded meanwhile."""
    return Decision.objects.select_for_update(of=["self"]).select_related("organisation").get(pk=key)


def lock_round(round: Round, *, by: User) -> Round:
    """Locks and returns the round with its decision and guide version. Reuses `by` as its author if they wrote it."""
    locked = (
        Round.objects.select_for_update(of=["self", "decision"])
        .select_related("decision__organisation", "decision__team", "version")
        .get(pk=round.pk)
    )
    if locked.author_id == by.pk:
        locked.author = by
    return locked
