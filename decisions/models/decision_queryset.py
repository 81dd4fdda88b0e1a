"""Which decisions: whose they are to read, where they stand, what words are in them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Upper

from decisions.database.key_range import IsAnyOf, KeyRange
from decisions.database.search_index import search_query, search_vector
from decisions.domain.advice_workflow import Step
from decisions.models.advice import Advice
from decisions.models.advice_step import AdviceStep
from decisions.models.closure import Closure
from decisions.models.decision_state import state_annotations
from decisions.models.follow_up import FollowUp
from decisions.models.postponement import Postponement
from decisions.models.review import Review, ReviewState
from decisions.models.round import Round
from decisions.models.sharing import HandOver, Share
from sharingwell.accounts.models import Role

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from sharingwell.accounts.models import User


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> DecisionQuerySet:
        """Who needs to know: author, who looks after it, whom it is shared with, who was asked for advice on it, the
        team's managers, IG managers.

        All of them in its organisation alone. No other role opens a decision, and being a superuser does not.
        """
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        ours = self.filter(organisation=user.organisation)
        if user.has_role(Role.IG_MANAGER):
            return ours
        readable = (
            Q(author=user)
            | Q(pk__in=Advice.objects.held_by(user).order_by().values("decision"))
            | Q(Exists(Share.objects.open().filter(decision=OuterRef("pk"), person=user)))
            | Q(
                Exists(
                    HandOver.objects.latest_per_decision()
                    .to_person(user)
                    .filter(decision=OuterRef("reference"))
                )
            )
        )
        if user.has_role(Role.MANAGER):
            readable |= Q(team=user.team)
        return ours.filter(readable)

    def with_is_handed_over(self) -> DecisionQuerySet:
        """So that those that were not, which are most, are not asked for their hand-overs."""
        return self.annotate(is_handed_over=Exists(HandOver.objects.filter(decision=OuterRef("reference"))))

    def with_afterwards(self) -> DecisionQuerySet:
        """Each with what was stated of it and by whom (`followed`, `hand_overs`), in no more queries however many."""
        hand_overs = HandOver.objects.select_related("by", "to")
        return self.prefetch_related(
            models.Prefetch("follow_ups", FollowUp.objects.select_related("by"), to_attr="followed"),
            models.Prefetch("handover_set", hand_overs, to_attr="hand_overs"),
        )

    def with_is_asked_about(self) -> DecisionQuerySet:
        """So that those nobody was asked about, which are most, are not asked for their advice."""
        return self.annotate(is_asked_about=Exists(Advice.objects.filter(decision=OuterRef("pk"))))

    def with_advised_by(self) -> DecisionQuerySet:
        """Each with `advised_by`, the keys of those who have replied to a question about it."""
        replies = AdviceStep.objects.filter(advice__decision=OuterRef("pk"), kind=Step.REPLIED)
        return self.annotate(advised_by=ArraySubquery(replies.values("by")))

    def assigned_to(self, user: User) -> DecisionQuerySet:
        """Those this person looks after: started and not handed over, or handed over to them last.

        All of them are among those that the person may read.
        """
        handed_over = HandOver.objects.filter(decision=OuterRef("reference"))
        started = self.model.objects.filter(~Exists(handed_over), author=user)
        taken_over = HandOver.objects.latest_per_decision().to_person(user)
        handed = self.model.objects.filter(reference__in=taken_over.order_by().values("decision"))
        kept = started.order_by().values("pk").union(handed.order_by().values("pk"))
        return self.filter(organisation=user.organisation, pk__in=kept)

    def shared_with(self, user: User) -> DecisionQuerySet:
        shares = Share.objects.open().filter(person=user)
        return self.filter(pk__in=shares.order_by().values("decision"))

    def with_rounds(self) -> DecisionQuerySet:
        """Each with `rounds_newest_first`, in one more query however many there are."""
        rounds = Round.objects.with_is_asked_about().order_by("-number")
        newest_first = models.Prefetch("rounds", rounds, to_attr="rounds_newest_first")
        return self.prefetch_related(newest_first)

    def with_state(self, on: datetime.date) -> DecisionQuerySet:
        """With what `decisions.models.decision_state` says of each on this day: joined to its latest round and no other."""
        later = Round.objects.filter(decision=OuterRef("pk"), number__gt=OuterRef("latest_number"))
        decisions = self.annotate(latest_round=F("rounds__pk"), latest_number=F("rounds__number"))
        decisions = decisions.filter(~Exists(later))
        for facts in state_annotations(on):
            decisions = decisions.annotate(**facts)
        return decisions

    def with_review_state(self) -> DecisionQuerySet:
        """With `latest_recorded` (the key of that round, if there is one) and `review_state`, a `ReviewState`."""
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
        """What waits for somebody before what does not, the newest first. Needs `.with_state()`."""
        return self.order_by("-is_open", "-pk")

    def after(self, last: Decision) -> DecisionQuerySet:
        """What follows this one in the order of `open_first`; it was fetched with its state."""
        behind = Q(is_open=last.is_open, pk__lt=last.pk)
        return self.filter(behind | Q(is_open=False) if last.is_open else behind)

    def search(self, words: str, *, reader: User, key_range: KeyRange | None = None) -> DecisionQuerySet:
        """Those that have these words, in any form of them, or one of their references.

        Looked for in the description, in the rounds, in what was stated afterwards and in advice; in a draft only for
        its writer. Row by row, for behind the wall no index of words is used: where there are many, `search_candidates` says
        which keys to try. Without any said, those of this queryset are asked for at once.
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
        known = [within.filter(reference=words.upper()), within.of_case(words)]
        keys = [each.order_by().values("pk") for each in known]
        # As one list: how many it finds PostgreSQL cannot guess, and would go through all of them for each decision.
        return self.filter(IsAnyOf("pk", ArraySubquery(keys[0].union(*keys[1:], *found))))

    def of_case(self, reference: str) -> DecisionQuerySet:
        """With this case reference, however it is written."""
        return self.filter(case_reference_folded=Upper(Value(reference)))

    def search_candidates(
        self, words: str, *, within: KeyRange, most: int
    ) -> tuple[KeyRange, KeyRange | None]:
        """Of all decisions the newest so many that `mentioning` may find, and where the rest is, if there is any.

        By the index of words, for the organisation that is worked for: it knows which words are where, and not who may
        read them.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM decisions_search_candidates(%s, %s, %s, %s)",
                [words, within.first, within.behind, most],
            )
            keys = [key for (key,) in cursor]
        return replace(within, keys=keys), replace(within, behind=keys[-1]) if len(keys) == most else None
