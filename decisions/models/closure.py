"""Closures of decisions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from decisions.database.search_index import OF_ITS_ROUND, search_index_trigger, words_of
from decisions.database.triggers import OF_THE_ROUND, append_only, requires_latest_recorded_round
from decisions.models.base import RecordedFact


class Closure(RecordedFact):
    """Closes a decision while its round is the latest; a new round reopens it."""

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
