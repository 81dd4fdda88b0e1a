"""Who may do what with a decision. Who may *read* one is `Decision.objects.visible_to`.

Rules come in pairs: `check_can_…` raises NotAllowed with words for the person, `can_…` answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import DraftInProgress, NotAllowed, RoundIsRecorded
from sharingwell.accounts.models import Role

if TYPE_CHECKING:
    from decisions.models import Decision, Round
    from sharingwell.accounts.models import User

DECIDING_ROLES = frozenset({Role.PRACTITIONER, Role.MANAGER, Role.IG_MANAGER})


def check_can_start(user: User) -> None:
    if user.team is None or DECIDING_ROLES.isdisjoint(user.roles):
        raise NotAllowed(
            "Your account is not set up to record decisions. Ask your administrator to add a role."
        )


def can_start(user: User) -> bool:
    try:
        check_can_start(user)
    except NotAllowed:
        return False
    return True


def check_can_describe(user: User, decision: Decision) -> None:
    """Direction, summary and case reference belong to the record: they change only before the first one."""
    if decision.author_id != user.pk:
        raise NotAllowed("Only the person who started this decision can change it.")
    recorded = decision.rounds.recorded().first()
    if recorded is not None:
        raise RoundIsRecorded(recorded)


def check_can_go_round_again(user: User, decision: Decision) -> None:
    """The next round is the author's to write, once the one before is recorded. Raises DraftInProgress."""
    if decision.author_id != user.pk:
        raise NotAllowed("Only the person who started this decision can go round again.")
    for round in decision.rounds.all():
        if not round.is_recorded:
            raise DraftInProgress(round)


def can_go_round_again(user: User, decision: Decision) -> bool:
    try:
        check_can_go_round_again(user, decision)
    except (NotAllowed, DraftInProgress):
        return False
    return True


def check_can_write(user: User, round: Round) -> None:
    """A draft is its author's alone. Raises RoundIsRecorded when it is not a draft any more."""
    if round.author_id != user.pk:
        raise NotAllowed("Only the person writing this round can change it.")
    if round.is_recorded:
        raise RoundIsRecorded(round)


def can_write(user: User, round: Round) -> bool:
    try:
        check_can_write(user, round)
    except (NotAllowed, RoundIsRecorded):
        return False
    return True
