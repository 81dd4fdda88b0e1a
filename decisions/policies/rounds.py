"""Permissions to start, write and record rounds and to state later facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import (
    DecisionIsClosed,
    DraftFirst,
    DraftInProgress,
    NotAllowed,
    NothingRecorded,
    RoundIsRecorded,
)
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Decision, Round
    from sharingwell.accounts.models import User

DECIDING_ROLES = frozenset({Role.PRACTITIONER, Role.MANAGER, Role.IG_MANAGER})


def check_can_start(user: User) -> None:
    if user.team is None or DECIDING_ROLES.isdisjoint(user.roles):
        raise NotAllowed(
            "Your account is not set up to record decisions. Ask your administrator to add a role."
        )


can_start = predicate(check_can_start)


def check_can_describe(user: User, decision: Decision) -> None:
    """Direction, summary and case reference are final with the first recorded round. Raises RoundIsRecorded."""
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can change it.")
    for round in decision.rounds.all():
        if round.is_recorded:
            raise RoundIsRecorded(round)


can_describe = predicate(check_can_describe)


def check_can_start_new_round(user: User, decision: Decision) -> None:
    """The responsible person starts the next round once the previous one is recorded. Raises DraftInProgress."""
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can go round again.")
    for round in decision.rounds.all():
        if not round.is_recorded:
            raise DraftInProgress(round)


can_start_new_round = predicate(check_can_start_new_round)


def check_can_write(user: User, round: Round) -> None:
    """Only its author edits a draft. Raises RoundIsRecorded."""
    if round.author_id != user.pk:
        raise NotAllowed("Only the person writing this round can change it.")
    if round.is_recorded:
        raise RoundIsRecorded(round)


can_write = predicate(check_can_write)


def check_can_follow_up(user: User, decision: Decision) -> None:
    """The responsible person reports what happened, once a round is recorded. Raises NothingRecorded."""
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can say what happened next.")
    check_has_recorded_round(decision)


can_follow_up = predicate(check_can_follow_up)


def check_can_move_look_again(user: User, decision: Decision) -> None:
    """The responsible person moves the day if no draft exists. Raises NothingRecorded, DraftFirst, DecisionIsClosed."""
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed(
            "Only the person who looks after this decision can choose another day to look again."
        )
    _check_latest_round_is_open(decision)


can_move_look_again = predicate(check_can_move_look_again)


def check_can_close(user: User, decision: Decision) -> None:
    """The responsible person closes it while no draft exists. Raises NothingRecorded, DraftFirst, DecisionIsClosed."""
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can close it.")
    _check_latest_round_is_open(decision)


can_close = predicate(check_can_close)


def check_has_recorded_round(decision: Decision) -> None:
    rounds = decision.rounds.all()
    if not any(round.is_recorded for round in rounds):
        raise NothingRecorded(rounds[0])


def _check_latest_round_is_open(decision: Decision) -> None:
    check_has_recorded_round(decision)
    latest = max(decision.rounds.all(), key=lambda round: round.number)
    if not latest.is_recorded:
        raise DraftFirst(latest)
    if hasattr(latest, "closure"):
        raise DecisionIsClosed(decision)
