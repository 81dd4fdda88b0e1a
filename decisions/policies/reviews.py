"""Permissions to review the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAllowed
from decisions.models.review import took_part
from decisions.policies.rounds import check_has_recorded_round
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Decision
    from sharingwell.accounts.models import User


def check_can_review_log(user: User) -> None:
    """Reviewing is for IG managers, in their own organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers review decisions.")


can_review_log = predicate(check_can_review_log)


def check_can_review(user: User, decision: Decision) -> None:
    """For IG managers of its organisation who took no part in it, once a round is recorded. Raises NothingRecorded."""
    check_can_review_log(user)
    if user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers review its decisions.")
    if took_part(user, decision):
        raise NotAllowed("You had a part in this decision. Another IG manager has to review it.")
    check_has_recorded_round(decision)


can_review = predicate(check_can_review)
