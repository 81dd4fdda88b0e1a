"""A decision about one matter. Only `decisions.actions` saves it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.functional import cached_property

from decisions.database.search_index import search_index_trigger, words_of
from decisions.database.triggers import description_is_final
from decisions.domain.advice_workflow import Step
from decisions.domain.answers import Answer
from decisions.models.advice_step import AdviceStep
from decisions.models.decision_queryset import DecisionQuerySet
from decisions.models.follow_up import FollowUp
from decisions.models.sharing import HandOver
from guidance.choices import Direction
from sharingwell.accounts.models import Organisation, Team

if TYPE_CHECKING:
    from decisions.models.round import Round
    from sharingwell.accounts.models import User

SUMMARY_MAX_LENGTH = 200
CASE_REFERENCE_MAX_LENGTH = 60


class Decision(models.Model):
    """One matter about one person. Holds a case reference, never a name."""

    reference = models.CharField(max_length=12, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="decisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    direction = models.CharField(max_length=10, choices=Direction.choices)
    summary = models.CharField(max_length=SUMMARY_MAX_LENGTH)
    case_reference = models.CharField(max_length=CASE_REFERENCE_MAX_LENGTH, blank=True)
    started_at = models.DateTimeField()
    case_reference_folded = models.GeneratedField(
        expression=Upper("case_reference"),
        output_field=models.CharField(max_length=2 * CASE_REFERENCE_MAX_LENGTH),  # Upper() of ß is SS
        db_persist=True,
        help_text="For case-insensitive search. Row-level security prevents the use of an index on an expression.",
    )

    rounds_newest_first: list[Round]  # prefetched by `.with_rounds()`
    # Annotated by `decisions.models.retention_queries`.
    last_activity_at: datetime.datetime
    latest_outcome: str
    has_something_recorded: bool
    # True if unknown; annotated by `.with_has_hand_over()` and `.with_has_advice()`.
    has_hand_over: bool = True
    has_advice: bool = True
    # Annotated by `.with_state()` (see `decisions.models.decision_state`).
    latest_round: int
    as_of: datetime.date
    is_draft: bool
    is_closed: bool
    is_to_be_completed: bool
    is_due: bool
    is_overdue: bool
    is_open: bool
    look_again_on: datetime.date | None
    # Annotated by `.with_review_state()`.
    latest_recorded: int | None
    review_state: str

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["author", "-id"], name="decision_by_author"),
            models.Index(fields=["organisation", "-id"], name="decision_by_organisation"),
            models.Index(fields=["organisation", "started_at"], name="decision_by_start"),
            models.Index(fields=["organisation", "case_reference_folded"], name="decision_by_case_reference"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="decision_direction_known"
            ),
        ]
        triggers = [
            *description_is_final(),
            search_index_trigger(words_of("summary", "case_reference"), decision="NEW.id"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def description(self) -> dict[str, Answer]:
        """Its description, by the names of `decisions.domain.draft_merge`."""
        return {name: getattr(self, name) for name in ("direction", "summary", "case_reference")}

    @cached_property
    def follow_up_list(self) -> list[FollowUp]:
        """Follow-ups, earliest first. Prefetched by `.with_history()`."""
        return list(self.follow_ups.select_related("by"))

    @cached_property
    def hand_overs(self) -> list[HandOver]:
        """Hand-overs, earliest first. Prefetched by `.with_history()`."""
        if not self.has_hand_over:
            return []
        return list(self.handover_set.select_related("by", "to"))

    @cached_property
    def adviser_ids(self) -> list[int]:
        """Keys of the advisers who have replied. Annotated by `.with_adviser_ids()`."""
        if not self.has_advice:
            return []
        replies = AdviceStep.objects.filter(advice__decision=self, kind=Step.REPLIED)
        return list(replies.values_list("by", flat=True))

    @property
    def responsible_person(self) -> User:
        """The person of the last hand-over, or else the author."""
        return self.hand_overs[-1].to if self.hand_overs else self.author

    def get_absolute_url(self) -> str:
        return reverse("decisions:decision", args=[self.reference])
