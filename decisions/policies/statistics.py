"""Permissions to see statistics and to write worked examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAllowed, NotMarkedAsLearning
from decisions.models.review import learning_review
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Round
    from sharingwell.accounts.models import User


def check_can_see_statistics(user: User) -> None:
    """Statistics of an organisation are for its IG managers."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers see the patterns in their organisation’s decisions.")


can_see_statistics = predicate(check_can_see_statistics)


def check_can_draft_example(user: User, round: Round) -> None:
    """Examples require a review of the own organisation that marks learning. Raises NotMarkedAsLearning."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != round.decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers write examples from its decisions.")
    if learning_review(round) is None:
        raise NotMarkedAsLearning(round)


can_draft_example = predicate(check_can_draft_example)


def check_can_see_partnership(user: User) -> None:
    """Statistics of all organisations, without text; the role opens no decision."""
    if not user.has_role(Role.PARTNERSHIP_LEAD):
        raise NotAllowed("Only partnership leads see the patterns across organisations.")


can_see_partnership = predicate(check_can_see_partnership)


def check_can_see_guide_use(user: User) -> None:
    """Statistics of how a guide version is used, for improving the next."""
    if not user.has_role(Role.GUIDE_EDITOR):
        raise NotAllowed("Only guide editors see how the guide is used.")


can_see_guide_use = predicate(check_can_see_guide_use)
