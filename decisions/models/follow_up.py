"""Follow-ups: reports of what happened after a decision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.database.search_index import search_index_trigger, words_of
from decisions.database.triggers import OF_THE_DECISION, append_only, requires_recorded_round
from decisions.models.base import RecordedFact


class FollowUp(RecordedFact):
    """A report of what happened next."""

    class Kind(models.TextChoices):
        SENT = "sent", "A message was sent"
        RECEIVED = "received", "It was received"
        ACTED_ON = "acted-on", "It was acted on"
        NO_ANSWER = "no-answer", "There has been no answer"
        CHANGED = "changed", "Things have changed"
        MEANT = "meant", "What it meant for the person"

    NEED_A_NOTE = (Kind.CHANGED, Kind.MEANT)  # meaningless without one

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.TextField(blank=True)

    class Meta(RecordedFact.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sent", "received", "acted-on", "no-answer", "changed", "meant"]),
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
