"""Postponements of the day to look at a decision again. Due dates are derived."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.database.search_index import OF_ITS_ROUND, search_index_trigger, words_of
from decisions.database.triggers import OF_THE_ROUND, append_only, requires_latest_recorded_round
from decisions.models.base import RecordedFact


class Postponement(RecordedFact):
    """Another day to look at a recorded round again; the latest counts."""

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
