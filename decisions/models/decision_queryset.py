"""Queryset of decisions: visibility, state and search."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Upper

from decisions.database.involvement import is_assigned_to
from decisions.database.key_range import IsAnyOf, KeyRange
from decisions.database.search_index import search_query, search_vector
from decisions.domain.advice_workflow import Step
from decisions.models.advice import Advice
from decisions.models.advice_step import AdviceStep
from decisions.models.closure import Closure
from decisions.models.decision_state import state_annotations
from decisions.models.follow_up import FollowUp
from decisions.models.postponement import Postponement
from decisions.models.readers import readable_by
from decisions.models.review import Review, ReviewState
from decisions.models.round import Round
from decisions.models.sharing import HandOver, Share

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from sharingwell.accounts.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> DecisionQuerySet:
        """Decisions this person may read."""
        return self.filter(readable_by(user))

    def with_has_hand_over(self) -> DecisionQuerySet:
        """Annotates `has_hand_over`. Saves a query for decisions without hand-overs, which are most."""
        return self.annotate(has_hand_over=Exists(HandOver.objects.filter(decision=OuterRef("reference"))))

    def with_history(self) -> DecisionQuerySet:
        """Prefetches the facts stated later, with their authors: `follow_up_list` and `hand_overs`."""
        hand_overs = HandOver.objects.select_related("by", "to")
        return self.prefetch_related(
            models.Prefetch("follow_ups", FollowUp.objects.select_related("by"), to_attr="follow_up_list"),
            models.Prefetch("handover_set", hand_overs, to_attr="hand_overs"),
        )

    def with_has_advice(self) -> DecisionQuerySet:
        """Annotates `has_advice`. Saves a query for decisions without advice, which are most."""
        return self.annotate(has_advice=Exists(Advice.objects.filter(decision=OuterRef("pk"))))

    def with_adviser_ids(self) -> DecisionQuerySet:
        """Annotates `adviser_ids`, the keys of the advisers who have replied."""
        replies = AdviceStep.objects.filter(advice__decision=OuterRef("pk"), kind=Step.REPLIED)
        return self.annotate(adviser_ids=ArraySubquery(replies.values("by")))

    def assigned_to(self, user: User) -> DecisionQuerySet:
        """Decisions this person is responsible for: started and never handed over, or last handed over to them.

        They are a subset of `.visible_to(user)`.
        """
        return self.filter(is_assigned_to(user.pk), organisation=user.organisation)

    def shared_with(self, user: User) -> DecisionQuerySet:
        shares = Share.objects.open().filter(person=user)
        return self.filter(pk__in=shares.order_by().values("decision"))

    def with_rounds(self) -> DecisionQuerySet:
        """Prefetches `rounds_newest_first`."""
        rounds = Round.objects.with_has_advice().order_by("-number")
        newest_first = models.Prefetch("rounds", rounds, to_attr="rounds_newest_first")
        return self.prefetch_related(newest_first)

    def with_state(self, on: datetime.date) -> DecisionQuerySet:
        """Annotates the state on this day (see `decisions.models.decision_state`), joining only the latest round."""
        later = Round.objects.filter(decision=OuterRef("pk"), number__gt=OuterRef("latest_number"))
        decisions = self.annotate(latest_round=F("rounds__pk"), latest_number=F("rounds__number"))
        decisions = decisions.filter(~Exists(later))
        for facts in state_annotations(on):
            decisions = decisions.annotate(**facts)
        return decisions

    def with_review_state(self) -> DecisionQuerySet:
        """Annotates `latest_recorded`, the key of the latest recorded round if any, and `review_state`, a
        `ReviewState`.
        """
        latest = Round.objects.recorded().filter(decision=OuterRef("pk")).order_by("-number")
        of_latest = Review.objects.filter(round=OuterRef("latest_recorded"))
        of_another = Review.objects.filter(round__decision=OuterRef("pk"))
        facts: list[dict[str, Any]] = [
            {"latest_recorded": Subquery(latest.values("pk")[:1])},
            {
                "review_state": Case(
                    When(latest_recorded__isnull=True, then=Value(ReviewState.NOTHING_RECORDED)),
                    When(Exists(of_latest), then=Value(ReviewState.REVIEWED)),
                    When(Exists(of_another), then=Value(ReviewState.CHANGED)),
                    default=Value(ReviewState.NOT_REVIEWED),
                    output_field=TextField(),
                )
            },
        ]
        decisions = self
        for each in facts:
            decisions = decisions.annotate(**each)
        return decisions

    def open_first(self) -> DecisionQuerySet:
        """Open decisions first, each newest first. Needs `.with_state()`."""
        return self.order_by("-is_open", "-pk")

    def after(self, last: Decision) -> DecisionQuerySet:
        """Keyset pagination in the order of `open_first`: decisions after this one, which needs its state."""
        behind = Q(is_open=last.is_open, pk__lt=last.pk)
        return self.filter(behind | Q(is_open=False) if last.is_open else behind)

    def search(self, words: str, *, reader: User, key_range: KeyRange | None = None) -> DecisionQuerySet:
        """Decisions that contain these words, in any inflection, or have this reference or case reference.

        Searches descriptions, rounds, later facts and advice; drafts only for their writer. Tests row by row,
        because under row-level security PostgreSQL does not use the text index: `search_candidates` limits
        which keys to test. Without `key_range`, tests the decisions of this queryset.
        """
        if key_range is None:
            key_range = KeyRange(keys=list(self.order_by().values_list("pk", flat=True)))
        readable = self.model.objects.visible_to(reader)
        asked = Advice.objects.visible_to(reader)
        texts: list[tuple[str, models.QuerySet[Any]]] = [
            ("pk", self.model.objects.annotate(vector=search_vector("summary", "case_reference"))),
            ("decision", Round.objects.filter(Q(recorded_at__isnull=False) | Q(author=reader))),
            ("decision", FollowUp.objects.annotate(vector=search_vector("note"))),
            ("round__decision", Postponement.objects.annotate(vector=search_vector("reason"))),
            ("round__decision", Closure.objects.annotate(vector=search_vector("reason"))),
            ("decision", asked.annotate(vector=search_vector("question"))),
            (
                "advice__decision",
                AdviceStep.objects.annotate(vector=search_vector("words")).filter(advice__in=asked),
            ),
            ("round__decision", Review.objects.annotate(vector=search_vector("comment"))),
        ]
        found = [
            rows.filter(key_range.of(decision), vector=search_query(words), **{f"{decision}__in": readable})
            .order_by()
            .values(decision)
            for decision, rows in texts
        ]
        within = readable.filter(key_range.of("pk"))
        known = [within.filter(reference=words.upper()), within.with_case_reference(words)]
        keys = [each.order_by().values("pk") for each in known]
        # An array, because PostgreSQL cannot estimate the union and would scan it for each decision.
        return self.filter(IsAnyOf("pk", ArraySubquery(keys[0].union(*keys[1:], *found))))

    def with_case_reference(self, reference: str) -> DecisionQuerySet:
        """Decisions with this case reference, ignoring case."""
        return self.filter(case_reference_folded=Upper(Value(reference)))

    def search_candidates(
        self, words: str, *, within: KeyRange, limit: int
    ) -> tuple[KeyRange, KeyRange | None]:
        """The newest `limit` decisions that `search` may find, and the remaining key range, if any.

        Reads the text index of the current organisation, which ignores who may read a decision.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM decisions_search_candidates(%s, %s, %s, %s)",
                [words, within.first, within.behind, limit],
            )
            keys = [key for (key,) in cursor]
        return replace(within, keys=keys), replace(within, behind=keys[-1]) if len(keys) == limit else None
