"""What happens after a round is recorded: said, put off to another day, or over."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.models import Closure, Decision, FollowUp, Postponement

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def add_follow_up(
    *,
    by: User,
    decision: Decision,
    kind: FollowUp.Kind | str,
    note: str = "",
    needed: str = "",
    at: datetime.datetime | None = None,
) -> FollowUp:
    """Say what happened next. `needed` is why the note has to hold what looks like an identifier.

    `at` is now, unless said otherwise. Raises NotAllowed or NothingRecorded.
    """
    decision = _locked(decision)
    policies.check_can_follow_up(by, decision)
    follow_up = FollowUp.objects.create(
        decision=decision, kind=kind, note=note, needed=needed, at=at or timezone.now(), by=by
    )
    record_in_ledger(by=by, row=follow_up)
    return follow_up


@transaction.atomic
def move_look_again(
    *,
    by: User,
    decision: Decision,
    look_again_on: datetime.date,
    reason: str,
    needed: str = "",
    at: datetime.datetime | None = None,
) -> Postponement:
    """Choose another day to look at the latest round again, which keeps the day it was recorded with.

    `at` is now, unless said otherwise. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
    """
    decision = _locked(decision)
    policies.check_can_move_look_again(by, decision)
    postponement = Postponement.objects.create(
        round=decision.rounds.latest("number"),
        look_again_on=look_again_on,
        reason=reason,
        needed=needed,
        at=at or timezone.now(),
        by=by,
    )
    record_in_ledger(by=by, row=postponement)
    return postponement


@transaction.atomic
def close_decision(
    *, by: User, decision: Decision, reason: str, needed: str = "", at: datetime.datetime | None = None
) -> Closure:
    """Nothing more is to be done, until somebody goes round again.

    `at` is now, unless said otherwise. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
    """
    decision = _locked(decision)
    policies.check_can_close(by, decision)
    closure = Closure.objects.create(
        round=decision.rounds.latest("number"), reason=reason, needed=needed, at=at or timezone.now(), by=by
    )
    record_in_ledger(by=by, row=closure)
    return closure


def _locked(decision: Decision) -> Decision:
    """The decision as it is now, held until the transaction ends: no round begins or ends meanwhile."""
    return Decision.objects.select_for_update(of=["self"]).get(pk=decision.pk)
