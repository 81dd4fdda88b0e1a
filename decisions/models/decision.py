"""A decision about one matter.

Nothing outside `decisions.actions` saves these.
"""

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
    """One matter about one person: it holds a case reference, never a name."""

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
        output_field=models.CharField(max_length=2 * CASE_REFERENCE_MAX_LENGTH),  # of ß comes SS
        db_persist=True,
        help_text="To find it however it is written. Behind the wall an index of what is only computed is not used.",
    )

    rounds_newest_first: list[Round]  # where asked for with `.with_rounds()`
    last_activity_at: (
        datetime.datetime
    )  # these three where asked for with `decisions.models.retention_queries`
    decided: str
    has_something_recorded: bool
    is_handed_over: bool = True  # may be, unless asked for with `.with_is_handed_over()`
    is_asked_about: bool = True  # the same, with `.with_is_asked_about()`
    # Where asked for with `.with_state()`; `decisions.models.decision_state` says what they mean.
    latest_round: int
    as_of: datetime.date
    is_draft: bool
    is_closed: bool
    is_to_be_completed: bool
    is_due: bool
    is_overdue: bool
    is_open: bool
    look_again_on: datetime.date | None
    # Where asked for with `.with_review_state()`.
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
        """What it is about, by the names of `decisions.domain.draft_merge`."""
        return {name: getattr(self, name) for name in ("direction", "summary", "case_reference")}

    @cached_property
    def followed(self) -> list[FollowUp]:
        """What happened next, the earliest first; fetched by `.with_afterwards()`."""
        return list(self.follow_ups.select_related("by"))

    @cached_property
    def hand_overs(self) -> list[HandOver]:
        """The earliest first; fetched by `.with_afterwards()`."""
        if not self.is_handed_over:
            return []
        return list(self.handover_set.select_related("by", "to"))

    @cached_property
    def advised_by(self) -> list[int]:
        """The keys of those who have replied; no query for a decision asked for with `.with_advised_by()`."""
        if not self.is_asked_about:
            return []
        replies = AdviceStep.objects.filter(advice__decision=self, kind=Step.REPLIED)
        return list(replies.values_list("by", flat=True))

    @property
    def responsible_person(self) -> User:
        """Who looks after it: whoever it was handed over to last, or else its author."""
        return self.hand_overs[-1].to if self.hand_overs else self.author

    def get_absolute_url(self) -> str:
        return reverse("decisions:decision", args=[self.reference])
