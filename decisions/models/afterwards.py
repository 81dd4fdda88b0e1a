"""What happens after a round is recorded: what came of it, another day to look again, and the end of the matter.

Rows are added and never altered. What they make of a decision (due, overdue, closed) is derived when it is read.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.database.search_index import OF_ITS_ROUND, search_index_trigger, words_of
from decisions.database.triggers import (
    OF_THE_DECISION,
    OF_THE_ROUND,
    append_only,
    requires_latest_recorded_round,
    requires_recorded_round,
)

NOTE_MAX_LENGTH = 2000
REASON_MAX_LENGTH = 1000


class RecordedFact(models.Model):
    """A fact stated by a person at a moment. `identifier_reason`: why its words have to hold what looks like an identifier."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identifier_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]


class FollowUp(RecordedFact):
    """What happened next."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "It was received"
        ACTED_ON = "acted-on", "It was acted on"
        NO_ANSWER = "no-answer", "There has been no answer"
        CHANGED = "changed", "Things have changed"
        MEANT = "meant", "What it meant for the person"

    NEED_A_NOTE = (Kind.CHANGED, Kind.MEANT)  # each says nothing without one

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.TextField(blank=True)

    class Meta(RecordedFact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["received", "acted-on", "no-answer", "changed", "meant"]),
                name="follow_up_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["changed", "meant"]) | ~Q(note=""), name="follow_up_says_what"
            ),
        ]
        triggers = [
            *append_only(of=OF_THE_DECISION),
            requires_recorded_round(),
            search_index_trigger(words_of("note")),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Postponement(RecordedFact):
    """Another day on which to look at a recorded round again; the latest is the one that counts."""

    round = models.ForeignKey("decisions.Round", on_delete=models.PROTECT, related_name="postponements")
    look_again_on = models.DateField()
    reason = models.TextField()

    class Meta(RecordedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="postponement_gives_a_reason"),
        ]
        triggers = [
            *append_only(of=OF_THE_ROUND),
            requires_latest_recorded_round(),
            search_index_trigger(words_of("reason"), decision=OF_ITS_ROUND),
        ]

    def __str__(self) -> str:
        return f"{self.look_again_on:%-d %B %Y}"


class Closure(RecordedFact):
    """The end of the matter, until somebody goes round again: it closes a decision while its round is the latest."""

    round = models.OneToOneField("decisions.Round", on_delete=models.PROTECT, related_name="closure")
    reason = models.TextField()

    class Meta(RecordedFact.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="closure_gives_a_reason")]
        triggers = [
            *append_only(of=OF_THE_ROUND),
            requires_latest_recorded_round(),
            search_index_trigger(words_of("reason"), decision=OF_ITS_ROUND),
        ]

    def __str__(self) -> str:
        return f"closed {self.at:%-d %B %Y}"
