"""Origins of worked examples of the guide: the decisions they were written from. For IG managers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from decisions.database.triggers import append_only
from decisions.models.base import RecordedFact
from decisions.models.review import Review
from sharingwell.accounts.models import Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from sharingwell.accounts.models import User

OF_THE_REVIEW = """(
    SELECT round.decision_id FROM decisions_review AS review
    JOIN decisions_round AS round ON round.id = review.round_id
    WHERE review.id = OLD.review_id
)"""


class ExampleOriginQuerySet(models.QuerySet["ExampleOrigin"]):
    def visible_to(self, user: User | AnonymousUser) -> ExampleOriginQuerySet:
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        if user.organisation is None:
            return self.none()
        return self.filter(review__round__decision__organisation=user.organisation)

    def of(self, decision: Decision) -> ExampleOriginQuerySet:
        return self.filter(review__round__decision=decision).select_related("by")


class ExampleOrigin(RecordedFact):
    """Links a worked example to the review that marked a round as learning.

    Refers to the example by version key and slug, not by foreign key: the guide does not know decisions, and a
    draft of it may be discarded.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="examples")
    version_key = models.PositiveBigIntegerField()
    example = models.SlugField(max_length=100)

    objects = ExampleOriginQuerySet.as_manager()

    class Meta(RecordedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(example=""), name="example_origin_names_an_example"),
            models.UniqueConstraint(fields=["version_key", "example"], name="example_origin_is_one"),
        ]
        triggers: list[pgtrigger.Trigger] = [
            *append_only(of=OF_THE_REVIEW),
            NonBypassableTrigger(
                name="requires_learning_review",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT FROM decisions_review AS review
                        WHERE review.id = NEW.review_id AND review.finding = 'learning'
                    ) THEN
                        {REFUSE.format(message="An example is written from what a review marks as learning.")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  # constants only
            ),
        ]

    def __str__(self) -> str:
        return self.example
