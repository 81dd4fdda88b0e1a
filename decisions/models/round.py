"""Rounds of What, Who and Why that make up a decision. Only `decisions.actions` saves them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, GeneratedField, OuterRef, Prefetch, Q, Value
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Cast, JSONArray
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from decisions.database.search_index import round_search_vector, search_index_trigger
from decisions.database.triggers import recorded_is_final
from decisions.domain.answers import Answer
from decisions.domain.draft_merge import CHANGED, IDENTIFIER_REASON, THOUGHT
from decisions.domain.question_keys import OUTCOME
from decisions.domain.working_time import next_working_day
from decisions.models.disclosure import PassageToWithhold
from decisions.models.draft_expiry import DraftExpiry, DraftExpiryQuerySet
from decisions.models.postponement import Postponement
from decisions.models.readers import readable_by
from decisions.models.retention import no_delete_while_held
from decisions.models.review import Review
from decisions.record.export import Chapter, chapters
from guidance.models import GuideVersion
from sharingwell.database.migration_sql import JsonPathArray

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

CHANGED_MAX_LENGTH = 2000
THOUGHT_MAX_LENGTH = 1000


class RoundQuerySet(DraftExpiryQuerySet["Round"]):
    def visible_to(self, user: User | AnonymousUser) -> RoundQuerySet:
        """Rounds of decisions this person may read."""
        return self.filter(readable_by(user, "decision__"))

    def recorded(self) -> RoundQuerySet:
        return self.filter(recorded_at__isnull=False)

    def latest_recorded(self) -> RoundQuerySet:
        """The latest recorded round of each decision, ignoring drafts."""
        later = Round.objects.recorded().filter(decision=OuterRef("decision"), number__gt=OuterRef("number"))
        return self.recorded().filter(~Exists(later))

    def with_history(self) -> RoundQuerySet:
        """Prefetches the facts stated later, with their authors: `postponement_list`, `review_list` and the closure."""
        facts: list[Prefetch[Any]] = [
            Prefetch("postponements", Postponement.objects.select_related("by"), to_attr="postponement_list"),
            Prefetch("reviews", Review.objects.select_related("by"), to_attr="review_list"),
        ]
        return self.select_related("author", "version", "closure__by").prefetch_related(*facts)

    def with_passages_to_withhold(self) -> RoundQuerySet:
        """Annotates `passages_to_withhold`: pairs of a passage of a draft and the reason to withhold it."""
        planned = PassageToWithhold.objects.filter(round=OuterRef("pk")).order_by("pk")
        facts = {"passages_to_withhold": ArraySubquery(planned.values(pair=JSONArray("passage", "reason")))}
        return self.annotate(**facts)


def answer_column(question: str) -> GeneratedField:
    """Generated column with the answer to one question."""
    return GeneratedField(
        expression=KT(f"answers__{question}"), output_field=models.TextField(null=True), db_persist=True
    )


def record_keys_column(path: str) -> GeneratedField:
    """Generated column with the keys at this JSON path of the record, for statistics."""
    return GeneratedField(
        expression=JsonPathArray("record", Value(path)),
        output_field=models.JSONField(null=True),
        db_persist=True,
    )


_Rounds = models.Manager.from_queryset(RoundQuerySet)


class RoundManager(_Rounds["Round"]):
    """Defers columns used only inside the database: the search vector and keys."""

    def get_queryset(self) -> RoundQuerySet:
        return cast(RoundQuerySet, super().get_queryset().defer("vector", "considered_keys", "open_keys"))


class Round(DraftExpiry, models.Model):
    """One round through the parts: a draft until `recorded_at`, then final.

    `answers` maps a question's key to its answer: text, an option's key, a list of options' keys, or an ISO date.
    `thoughts` maps the key of a consideration to the writer's note. `identifier_reasons` maps a question's key,
    `summary`, `case_reference`, `changed`, or `thought.` with a consideration's key to the reason for a possible
    identifier in it. `saved` maps each of these names (see `decisions.domain.draft_merge`) to the time and page of
    its last change. `record` is the document stored at recording (see `decisions.record.build`), independent of
    later guides.
    """

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rounds")
    started_at = models.DateTimeField()
    changed = models.TextField(
        blank=True, help_text="What has changed since the round before, in the writer's words."
    )
    urgent = models.BooleanField(
        default=False, help_text="Recorded on one page, to be completed by the next round."
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    thoughts = models.JSONField(default=dict)
    identifier_reasons = models.JSONField(default=dict)
    saved = models.JSONField(default=dict)
    record = models.JSONField(null=True, blank=True)
    outcome = answer_column("decide.outcome")
    urgency = answer_column("what.urgency")
    reasoning = answer_column("decide.reasoning")
    review_on = answer_column("decide.review_on")
    considered_keys = record_keys_column("$.considerations[*].key")
    open_keys = record_keys_column("$.parts[*].answers[*] ? (@.answer.size() == 0).key")
    relationship = answer_column("who.relationship")
    kinds = GeneratedField(
        expression=KeyTransform("what.kinds", "answers"),
        output_field=models.JSONField(null=True),
        db_persist=True,
        help_text="Keys of the kinds of information.",
    )
    categories = GeneratedField(
        expression=KeyTransform("categories", "record"),
        output_field=models.JSONField(null=True),
        db_persist=True,
        help_text="What the kinds are in law, in words; none while it is a draft.",
    )
    afterwards = GeneratedField(
        expression=Cast(KT("record__recorded_afterwards"), models.BooleanField()),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    passages_to_withhold: list[tuple[str, str]]  # annotated by `.with_passages_to_withhold()`

    vector = GeneratedField(
        expression=round_search_vector(), output_field=SearchVectorField(), db_persist=True
    )

    objects = RoundManager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["outcome"], name="round_by_outcome"),
            models.Index(fields=["urgency"], name="round_by_urgency"),
            models.Index(fields=["recorded_at"], name="round_by_recorded_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="round_number_unique_in_decision"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(recorded_at__isnull=True), name="round_one_draft_in_decision"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, record__isnull=True)
                | Q(recorded_at__isnull=False, record__isnull=False),
                name="round_recorded_with_its_record",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True)
                | (
                    Q(outcome__isnull=False, reasoning__isnull=False)
                    & ~Q(outcome__exact="")
                    & ~Q(reasoning__exact="")
                ),
                name="round_recorded_with_outcome_and_reasoning",
            ),
        ]
        triggers = [
            *recorded_is_final(),
            no_delete_while_held(),
            search_index_trigger("NEW.vector", round="NEW.id"),
        ]

    def __str__(self) -> str:
        return f"{self.decision.reference} round {self.number}"

    @property
    def is_recorded(self) -> bool:
        return self.recorded_at is not None

    @property
    def words(self) -> dict[str, Answer]:
        """All its texts, by the names of `decisions.domain.draft_merge`."""
        return {
            **self.answers,
            **{f"{IDENTIFIER_REASON}{name}": why for name, why in self.identifier_reasons.items()},
            **{f"{THOUGHT}{key}": thought for key, thought in self.thoughts.items()},
            CHANGED: self.changed,
        }

    @cached_property
    def postponement_list(self) -> list[Postponement]:
        """Postponements, earliest first. Prefetched by `.with_history()`."""
        return list(self.postponements.select_related("by"))

    @cached_property
    def review_list(self) -> list[Review]:
        """Reviews, earliest first. Prefetched by `.with_history()`."""
        return list(self.reviews.select_related("by"))

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The record for display; empty for a draft."""
        return chapters(self.record) if self.record else ()

    @property
    def decision_chapters(self) -> tuple[Chapter, ...]:
        """What was decided, why, and what was shared."""
        return self.chapters[:1]

    @property
    def other_chapters(self) -> tuple[Chapter, ...]:
        """All that stands under the decision in the record."""
        return self.chapters[1:]

    @property
    def complete_by(self) -> datetime.date | None:
        """The working day by which an urgent round must be completed by the next round."""
        if not self.urgent or self.recorded_at is None:
            return None
        return next_working_day(timezone.localdate(self.recorded_at))

    @property
    def look_again_on(self) -> datetime.date | None:
        """The day to look at it again, as postponed since."""
        if self.postponement_list:
            return self.postponement_list[-1].look_again_on
        return datetime.date.fromisoformat(self.review_on) if self.review_on else None

    @property
    def recorded_afterwards(self) -> bool:
        """Whether the sharing happened more than a day before the recording."""
        return bool(self.record and self.record.get("recorded_afterwards"))

    def get_absolute_url(self) -> str:
        return reverse("decisions:round", args=[self.decision.reference, self.number])

    def part_url(self, part: str) -> str:
        return reverse("decisions:part", args=[self.decision.reference, self.number, part])

    def check_url(self) -> str:
        return reverse("decisions:check", args=[self.decision.reference, self.number])

    @property
    def recorded_outcome(self) -> list[str]:
        """The outcome in the wording of the record; empty for a draft."""
        for part in (self.record or {}).get("parts", []):
            for answer in part["answers"]:
                if answer["key"] == OUTCOME:
                    return list(answer["answer"])
        return []
