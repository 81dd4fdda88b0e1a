"""A decision about one matter, and each time round What / Who / Why that went into it.

Nothing outside `decisions.actions` saves these.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, GeneratedField, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from decisions.answers import Answer
from decisions.append_only import description_is_final, recorded_is_final
from decisions.documents import Chapter, chapters
from decisions.drafts import CHANGED, THOUGHT, WHY_NEEDED
from decisions.keys import OUTCOME
from decisions.models.advice import Advice
from decisions.models.advice_step import AdviceStep
from decisions.models.afterwards import Closure, FollowUp, Postponement
from decisions.models.people import HandOver, Share
from decisions.models.retention import not_while_held
from decisions.models.state import state_of
from decisions.models.untouched import Untouched, UntouchedQuerySet
from decisions.models.words import query_for, words_in, words_of_a_round
from decisions.working_days import next_working_day
from guidance.models import Direction, GuideVersion
from sharingwell.accounts.models import Organisation, Role, Team

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

SUMMARY_MAX_LENGTH = 200
CASE_REFERENCE_MAX_LENGTH = 60
CHANGED_MAX_LENGTH = 2000
THOUGHT_MAX_LENGTH = 1000


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
                    HandOver.objects.latest_of_each().to_person(user).filter(reference=OuterRef("reference"))
                )
            )
        )
        if user.has_role(Role.MANAGER):
            readable |= Q(team=user.team)
        return ours.filter(readable)

    def saying_if_handed_over(self) -> DecisionQuerySet:
        """So that those that were not, which are most, are not asked for their hand-overs."""
        return self.annotate(is_handed_over=Exists(HandOver.objects.filter(reference=OuterRef("reference"))))

    def saying_if_asked_about(self) -> DecisionQuerySet:
        """The same for advice."""
        return self.annotate(is_asked_about=Exists(Advice.objects.filter(decision=OuterRef("pk"))))

    def kept_by(self, user: User) -> DecisionQuerySet:
        """Those this person looks after: started and not handed over, or handed over to them last."""
        handed_over = HandOver.objects.filter(reference=OuterRef("reference"))
        started = Decision.objects.filter(~Exists(handed_over), author=user)
        taken_over = HandOver.objects.latest_of_each().to_person(user)
        handed = Decision.objects.filter(reference__in=taken_over.order_by().values("reference"))
        return self.filter(pk__in=started.order_by().values("pk").union(handed.order_by().values("pk")))

    def shared_with(self, user: User) -> DecisionQuerySet:
        shares = Share.objects.open().filter(person=user)
        return self.filter(pk__in=shares.order_by().values("decision"))

    def with_rounds(self) -> DecisionQuerySet:
        """Each with `rounds_newest_first`, in one more query however many there are."""
        rounds = Round.objects.saying_if_asked_about().order_by("-number")
        newest_first = models.Prefetch("rounds", rounds, to_attr="rounds_newest_first")
        return self.prefetch_related(newest_first)

    def with_state(self, on: datetime.date) -> DecisionQuerySet:
        """With what `decisions.models.state` says of each on this day: joined to its latest round and no other."""
        later = Round.objects.filter(decision=OuterRef("pk"), number__gt=OuterRef("latest_number"))
        decisions = self.annotate(latest_round=F("rounds__pk"), latest_number=F("rounds__number"))
        decisions = decisions.filter(~Exists(later))
        for facts in state_of(on):
            decisions = decisions.annotate(**facts)
        return decisions

    def open_first(self) -> DecisionQuerySet:
        """What waits for somebody before what does not, the newest first. Needs `.with_state()`."""
        return self.order_by("-is_open", "-pk")

    def after(self, last: Decision) -> DecisionQuerySet:
        """What follows this one in the order of `open_first`; it was fetched with its state."""
        behind = Q(is_open=last.is_open, pk__lt=last.pk)
        return self.filter(behind | Q(is_open=False) if last.is_open else behind)

    def mentioning(self, words: str, *, reader: User) -> DecisionQuerySet:
        """Those that have these words, in any form of them, or one of their references.

        Looked for in the description, in the rounds, in what was stated afterwards and in advice; in a draft only for
        its writer.
        """
        # Among those asked for: an index of words finds them in every organisation, so it is not used behind the wall.
        readable = Decision.objects.visible_to(reader).filter(pk__in=self.order_by().values("pk"))
        asked = Advice.objects.visible_to(reader)
        texts: list[tuple[str, models.QuerySet[Any]]] = [
            ("pk", Decision.objects.annotate(vector=words_in("summary", "case_reference"))),
            ("decision", Round.objects.filter(Q(recorded_at__isnull=False) | Q(author=reader))),
            ("decision", FollowUp.objects.annotate(vector=words_in("note"))),
            ("round__decision", Postponement.objects.annotate(vector=words_in("reason"))),
            ("round__decision", Closure.objects.annotate(vector=words_in("reason"))),
            ("decision", asked.annotate(vector=words_in("question"))),
            (
                "advice__decision",
                AdviceStep.objects.annotate(vector=words_in("words")).filter(advice__in=asked),
            ),
        ]
        found = [
            rows.filter(vector=query_for(words), **{f"{decision}__in": readable}).order_by().values(decision)
            for decision, rows in texts
        ]
        references = Q(reference=words.upper()) | Q(case_reference__iexact=words)
        return self.filter(pk__in=readable.filter(references).order_by().values("pk").union(*found))


class Decision(models.Model):
    """One matter about one person: it holds a case reference, never a name."""

    reference = models.CharField(max_length=12, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="decisions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="decisions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    direction = models.CharField(max_length=10, choices=Direction)
    summary = models.CharField(max_length=SUMMARY_MAX_LENGTH)
    case_reference = models.CharField(max_length=CASE_REFERENCE_MAX_LENGTH, blank=True)
    started_at = models.DateTimeField()

    rounds_newest_first: list[Round]  # where asked for with `.with_rounds()`
    last_activity_at: datetime.datetime  # these two where asked for with `decisions.models.due`
    decided: str
    is_handed_over: bool = True  # may be, unless asked for with `.saying_if_handed_over()`
    is_asked_about: bool = True  # the same, with `.saying_if_asked_about()`
    # Where asked for with `.with_state()`; `decisions.models.state` says what they mean.
    latest_round: int
    as_of: datetime.date
    is_draft: bool
    is_closed: bool
    is_to_be_completed: bool
    is_due: bool
    is_overdue: bool
    is_open: bool
    look_again_on: datetime.date | None

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["author", "-id"], name="decision_by_author"),
            models.Index(fields=["organisation", "-id"], name="decision_by_organisation"),
            models.Index(Upper("case_reference"), name="decision_by_case_reference"),
            GinIndex(words_in("summary", "case_reference"), name="decision_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="decision_direction_known"
            ),
        ]
        triggers = description_is_final()

    def __str__(self) -> str:
        return self.reference

    @property
    def description(self) -> dict[str, Answer]:
        """What it is about, by the names of `decisions.drafts`."""
        return {name: getattr(self, name) for name in ("direction", "summary", "case_reference")}

    @cached_property
    def hand_overs(self) -> list[HandOver]:
        """The earliest first."""
        if not self.is_handed_over:
            return []
        return list(HandOver.objects.filter(reference=self.reference).select_related("by", "to"))

    def advice_for(self, user: User | AnonymousUser) -> list[Advice]:
        """What of it this person may read, the first question first."""
        if not self.is_asked_about:
            return []
        return list(Advice.objects.visible_to(user).filter(decision=self).with_people().order_by("pk"))

    @property
    def keeper(self) -> User:
        """Who looks after it: whoever it was handed over to last, or else its author."""
        return self.hand_overs[-1].to if self.hand_overs else self.author

    def get_absolute_url(self) -> str:
        return reverse("decisions:decision", args=[self.reference])


class RoundQuerySet(UntouchedQuerySet["Round"]):
    def visible_to(self, user: User | AnonymousUser) -> RoundQuerySet:
        return self.filter(decision__in=Decision.objects.visible_to(user))

    def recorded(self) -> RoundQuerySet:
        return self.filter(recorded_at__isnull=False)

    def with_afterwards(self) -> RoundQuerySet:
        """Each with what was stated after it and by whom, in one more query however many there are."""
        moves = models.Prefetch("postponements", Postponement.objects.select_related("by"))
        return self.select_related("author", "version", "closure__by").prefetch_related(moves)


def answer_to(question: str) -> GeneratedField:
    """A column that the database keeps, with the answer to one question."""
    return GeneratedField(
        expression=KT(f"answers__{question}"), output_field=models.TextField(null=True), db_persist=True
    )


_Rounds = models.Manager.from_queryset(RoundQuerySet)


class RoundManager(_Rounds["Round"]):
    """Leaves `vector` in the database: it is for finding rounds by their words, and longer than they are."""

    def get_queryset(self) -> RoundQuerySet:
        return cast(RoundQuerySet, super().get_queryset().defer("vector"))


class Round(Untouched, models.Model):
    """One time round the parts: a draft until `recorded_at`, and final from then on.

    `answers` maps a question's key to its answer: text, an option's key, a list of options' keys, or an ISO date.
    `thoughts` maps the key of a consideration that was shown to what the writer noted against it.
    `needed` maps a question's key to why its answer has to hold what looks like an identifier; so it does for
    `summary`, `case_reference`, `changed` and `thought.` with the key of a consideration.
    `saved` maps the name of each of these words on its page (see `decisions.drafts`) to when it was last changed, and
    from which page.
    `record` is the round as it read when it was recorded (see `decisions.record`): the wording of each question
    and answer is kept there, whatever becomes of the guide.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="rounds")
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
    needed = models.JSONField(default=dict)
    saved = models.JSONField(default=dict)
    record = models.JSONField(null=True, blank=True)
    outcome = answer_to("decide.outcome")
    urgency = answer_to("what.urgency")
    reasoning = answer_to("decide.reasoning")
    review_on = answer_to("decide.review_on")

    vector = GeneratedField(expression=words_of_a_round(), output_field=SearchVectorField(), db_persist=True)

    objects = RoundManager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["outcome"], name="round_by_outcome"),
            models.Index(fields=["urgency"], name="round_by_urgency"),
            models.Index(fields=["recorded_at"], name="round_by_recorded_at"),
            GinIndex(fields=["vector"], name="round_words"),
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
        triggers = [*recorded_is_final(), not_while_held()]

    def __str__(self) -> str:
        return f"{self.decision.reference} round {self.number}"

    @property
    def is_recorded(self) -> bool:
        return self.recorded_at is not None

    @property
    def words(self) -> dict[str, Answer]:
        """All that is written in it, by the names of `decisions.drafts`."""
        return {
            **self.answers,
            **{f"{WHY_NEEDED}{name}": why for name, why in self.needed.items()},
            **{f"{THOUGHT}{key}": thought for key, thought in self.thoughts.items()},
            CHANGED: self.changed,
        }

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The record as it reads; nothing while the round is a draft."""
        return chapters(self.record) if self.record else ()

    @property
    def complete_by(self) -> datetime.date | None:
        """The working day by which an urgent round is to be completed as the next one."""
        if not self.urgent or self.recorded_at is None:
            return None
        return next_working_day(timezone.localdate(self.recorded_at))

    @property
    def recorded_afterwards(self) -> bool:
        """Whether the sharing had happened before the day before the round was recorded."""
        return bool(self.record and self.record.get("recorded_afterwards"))

    def get_absolute_url(self) -> str:
        return reverse("decisions:round", args=[self.decision.reference, self.number])

    def part_url(self, part: str) -> str:
        return reverse("decisions:part", args=[self.decision.reference, self.number, part])

    def check_url(self) -> str:
        return reverse("decisions:check", args=[self.decision.reference, self.number])

    @property
    def recorded_outcome(self) -> list[str]:
        """What was decided, in the words of the day; empty while the round is a draft."""
        for part in (self.record or {}).get("parts", []):
            for answer in part["answers"]:
                if answer["key"] == OUTCOME:
                    return list(answer["answer"])
        return []
