"""What happens after a round is recorded: said, put off to another day, or over."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.models import Closure, Decision, FollowUp, Postponement, Review

if TYPE_CHECKING:
    from django.db.models import Manager, QuerySet

    from sharingwell.accounts.models import User

Fact = TypeVar("Fact", FollowUp, Postponement, Closure, Review)

A_MOMENT = datetime.timedelta(minutes=1)


@transaction.atomic
def add_follow_up(
    *,
    by: User,
    decision: Decision,
    kind: FollowUp.Kind | str,
    note: str = "",
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> FollowUp:
    """Say what happened next. `identifier_reason` is why the note has to hold what looks like an identifier.

    Said twice over, as when a button is pressed twice, it is recorded once; so it is in the other actions here.
    `at` is now, unless said otherwise. Raises NotAllowed or NothingRecorded.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_follow_up(by, decision)
    at = at or timezone.now()
    facts = {"by": by, "kind": kind, "note": note, "identifier_reason": identifier_reason}
    if said := just_said(decision.follow_ups, at, facts):
        return said
    follow_up = decision.follow_ups.create(at=at, **facts)
    record_in_ledger(by=by, row=follow_up)
    return follow_up


@transaction.atomic
def move_look_again(
    *,
    by: User,
    decision: Decision,
    look_again_on: datetime.date,
    reason: str,
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> Postponement:
    """Choose another day to look at the latest round again, which keeps the day it was recorded with.

    `at` is now, unless said otherwise. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_move_look_again(by, decision)
    moves = decision.rounds.latest("number").postponements
    at = at or timezone.now()
    facts = {
        "by": by,
        "look_again_on": look_again_on,
        "reason": reason,
        "identifier_reason": identifier_reason,
    }
    if said := just_said(moves, at, facts):
        return said
    postponement = moves.create(at=at, **facts)
    record_in_ledger(by=by, row=postponement)
    return postponement


@transaction.atomic
def close_decision(
    *,
    by: User,
    decision: Decision,
    reason: str,
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> Closure:
    """Nothing more is to be done, until somebody goes round again.

    `at` is now, unless said otherwise. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
    """
    decision = lock_decision(decision.pk)
    latest = decision.rounds.latest("number")
    at = at or timezone.now()
    facts = {"by": by, "reason": reason, "identifier_reason": identifier_reason}
    if closure := just_said(Closure.objects.filter(round=latest), at, facts):
        return closure
    policies.check_can_close(by, decision)
    closure = Closure.objects.create(round=latest, at=at, **facts)
    record_in_ledger(by=by, row=closure)
    return closure


def just_said(
    rows: Manager[Fact] | QuerySet[Fact], at: datetime.datetime, facts: dict[str, Any]
) -> Fact | None:
    """The last of these, where it is the same said a moment ago: sent twice, it is meant once."""
    last = rows.order_by("-pk").first()
    if (
        last
        and abs(at - last.at) < A_MOMENT
        and all(getattr(last, name) == fact for name, fact in facts.items())
    ):
        return last
    return None
