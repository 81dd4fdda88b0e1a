"""Figures of many decisions, and what is learned from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAllowed, NotMarkedAsLearning
from decisions.models.review import learning_in
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Round
    from sharingwell.accounts.models import User


def check_can_see_statistics(user: User) -> None:
    """Figures of an organisation are for its IG managers."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers see the patterns in their organisation’s decisions.")


can_see_statistics = predicate(check_can_see_statistics)


def check_can_draft_example(user: User, round: Round) -> None:
    """From what a review of the organisation's own marks as learning. Raises NotMarkedAsLearning."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != round.decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers write examples from its decisions.")
    if learning_in(round) is None:
        raise NotMarkedAsLearning(round)


can_draft_example = predicate(check_can_draft_example)


def check_can_see_partnership(user: User) -> None:
    """Figures of all organisations together, without any text; the role opens no decision."""
    if not user.has_role(Role.PARTNERSHIP_LEAD):
        raise NotAllowed("Only partnership leads see the patterns across organisations.")


can_see_partnership = predicate(check_can_see_partnership)


def check_can_see_guide_use(user: User) -> None:
    """Figures of how a guide version is used, to improve the next."""
    if not user.has_role(Role.GUIDE_EDITOR):
        raise NotAllowed("Only guide editors see how the guide is used.")


can_see_guide_use = predicate(check_can_see_guide_use)
