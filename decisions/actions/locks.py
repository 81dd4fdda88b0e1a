"""Row locks held until the transaction ends, so that actions check and change current rows.

Everything that changes a decision, or what hangs on it, locks the decision first and so waits for its turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NoLongerThere
from decisions.models import Decision, Round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def lock_decision(key: int) -> Decision:
    """Locks and returns the decision with its organisation. Raises NoLongerThere.

    No round can start or be recorded meanwhile.
    """
    decisions = Decision.objects.select_for_update(of=["self"]).select_related("organisation")
    try:
        return decisions.get(pk=key)
    except Decision.DoesNotExist as error:
        raise NoLongerThere from error


def lock_round(round: Round, *, by: User) -> Round:
    """Locks and returns the round with its decision and guide version.

    Reuses `by` as its author if they wrote it. Raises NoLongerThere.
    """
    lock_decision(round.decision_id)
    rounds = Round.objects.select_related("decision__organisation", "decision__team", "version")
    try:
        locked = rounds.get(pk=round.pk)
    except Round.DoesNotExist as error:
        raise NoLongerThere from error
    if locked.author_id == by.pk:
        locked.author = by
    return locked
