"""Facts stated after a round is recorded: follow-ups, postponements and closures."""

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

DUPLICATE_WINDOW = datetime.timedelta(minutes=1)


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
    """Reports what happened next. `identifier_reason` is the reason for a possible identifier in the note.

    A repeated submission is recorded once, as in the other actions here. `at` defaults to now. Raises NotAllowed or
    NothingRecorded.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_follow_up(by, decision)
    at = at or timezone.now()
    facts = {"by": by, "kind": kind, "note": note, "identifier_reason": identifier_reason}
    if duplicate := recent_duplicate(decision.follow_ups, at, facts):
        return duplicate
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
    """Sets another day to look at the latest round again. The day in its record stays.

    `at` defaults to now. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
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
    if duplicate := recent_duplicate(moves, at, facts):
        return duplicate
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
    """Closes a decision until a new round.

    `at` defaults to now. Raises NotAllowed, NothingRecorded, DraftFirst or DecisionIsClosed.
    """
    decision = lock_decision(decision.pk)
    latest = decision.rounds.latest("number")
    at = at or timezone.now()
    facts = {"by": by, "reason": reason, "identifier_reason": identifier_reason}
    if closure := recent_duplicate(Closure.objects.filter(round=latest), at, facts):
        return closure
    policies.check_can_close(by, decision)
    closure = Closure.objects.create(round=latest, at=at, **facts)
    record_in_ledger(by=by, row=closure)
    return closure


def recent_duplicate(
    rows: Manager[Fact] | QuerySet[Fact], at: datetime.datetime, facts: dict[str, Any]
) -> Fact | None:
    """The last of these rows, if it states the same facts within `DUPLICATE_WINDOW`."""
    last = rows.order_by("-pk").first()
    if (
        last
        and abs(at - last.at) < DUPLICATE_WINDOW
        and all(getattr(last, name) == fact for name, fact in facts.items())
    ):
        return last
    return None
