"""Locks rows until the transaction ends, so that an action judges and changes them as they are now.

Everything that changes a decision, or what hangs on it, locks the decision first and so waits for its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NoLongerThere
from decisions.models import Decision, Round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def lock_decision(key: int) -> Decision:
    """The decision with its organisation; no round begins or ends meanwhile. Raises NoLongerThere."""
    decisions = Decision.objects.select_for_update(of=["self"]).select_related("organisation")
    try:
        return decisions.get(pk=key)
    except Decision.DoesNotExist as error:
        raise NoLongerThere from error


def lock_round(round: Round, *, by: User) -> Round:
    """The round with its decision and guide version; its author is `by` where they wrote it. Raises NoLongerThere."""
    lock_decision(round.decision_id)
    rounds = Round.objects.select_related("decision__organisation", "decision__team", "version")
    try:
        locked = rounds.get(pk=round.pk)
    except Round.DoesNotExist as error:
        raise NoLongerThere from error
    if locked.author_id == by.pk:
        locked.author = by
    return locked
