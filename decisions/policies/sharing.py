"""Permissions to share a decision and to hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAColleague, NotAllowed
from decisions.policies.rounds import can_start, check_has_recorded_round
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Decision
    from sharingwell.accounts.models import User


def check_can_share(user: User, decision: Decision) -> None:
    """The responsible person shares a decision with a recorded round. Raises NothingRecorded."""
    check_can_end_share(user, decision)
    check_has_recorded_round(decision)


can_share = predicate(check_can_share)


def check_can_end_share(user: User, decision: Decision) -> None:
    if decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can say who else reads it.")


can_end_share = predicate(check_can_end_share)


def check_can_see_team(user: User) -> None:
    """A team's decisions are for its managers."""
    if not user.has_role(Role.MANAGER) or user.team is None:
        raise NotAllowed("Only managers see the decisions of their team.")


can_see_team = predicate(check_can_see_team)


def check_can_hand_over(user: User, decision: Decision) -> None:
    """For managers of its team and IG managers of its organisation."""
    manages = user.has_role(Role.MANAGER) and user.team_id == decision.team_id
    looks_after_records = user.has_role(Role.IG_MANAGER) and user.organisation == decision.organisation
    if not manages and not looks_after_records:
        raise NotAllowed("Only a manager of its team or an IG manager can hand this decision over.")


can_hand_over = predicate(check_can_hand_over)


def check_can_be_shared_with(person: User, decision: Decision) -> None:
    """Raises NotAColleague for someone from another organisation, who has left, or who is responsible for it."""
    if not person.is_active or person.organisation != decision.organisation:
        raise NotAColleague("Only somebody in your organisation who has an account can be named.")
    if decision.responsible_person.pk == person.pk:
        raise NotAColleague("This person looks after the decision already.")


def check_can_be_handed(person: User, decision: Decision) -> None:
    """Raises NotAColleague as for sharing, or for someone without a role that records decisions."""
    check_can_be_shared_with(person, decision)
    if not can_start(person):
        raise NotAColleague(
            "This person’s account is not set up to record decisions. Ask your administrator."
        )


can_be_shared_with = predicate(check_can_be_shared_with)


can_be_handed = predicate(check_can_be_handed)
