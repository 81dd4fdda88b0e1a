"""Open reviews: those that need a response and have had neither a follow-up nor a later recorded round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from decisions.database.involvement import is_assigned_to
from decisions.models.follow_up import FollowUp
from decisions.models.review import Review, ReviewQuerySet
from decisions.models.round import Round

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def open_reviews_for(user: User) -> ReviewQuerySet:
    """Open reviews of decisions assigned to this person."""
    if user.organisation is None:
        return Review.objects.none()
    same_decision = {"decision": OuterRef("round__decision")}
    next_round = Round.objects.recorded().filter(**same_decision, number__gt=OuterRef("round__number"))
    follow_up = FollowUp.objects.filter(**same_decision, at__gt=OuterRef("at"))
    asks = Review.objects.latest_per_round().filter(finding__in=Review.NEEDS_RESPONSE)
    found = asks.filter(~Exists(next_round), ~Exists(follow_up)).select_related("round__decision", "by")
    return found.filter(
        is_assigned_to(user.pk, "round__decision"), round__decision__organisation=user.organisation
    )


def open_review(rounds: Iterable[Round], follow_ups: Iterable[FollowUp]) -> Review | None:
    """The open review of one decision, found without a query: rounds come `.with_history()`, earliest first."""
    recorded = [round for round in rounds if round.is_recorded]
    reviews = recorded[-1].review_list if recorded else []
    if not reviews or reviews[-1].finding not in Review.NEEDS_RESPONSE:
        return None
    return None if any(each.at > reviews[-1].at for each in follow_ups) else reviews[-1]
