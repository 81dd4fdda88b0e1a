"""Steps of a question to an adviser."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from decisions.database.advice_triggers import advice_step_triggers
from decisions.database.search_index import search_index_trigger, words_of
from decisions.database.triggers import append_only
from decisions.domain.advice_workflow import ENDING, NEED_WORDS, SETTLING, Step
from decisions.models.base import RecordedFact


class AdviceStep(RecordedFact):
    """One step of a question. `number` counts from 1; `to` is the new holder."""

    class Kind(models.TextChoices):
        TAKEN = Step.TAKEN, "Question taken"
        RELEASED = Step.RELEASED, "Question put into the IG team’s queue"
        HANDED_ON = Step.HANDED_ON, "Question handed on"
        SENT_BACK = Step.SENT_BACK, "Question sent back"
        ANSWERED = Step.ANSWERED, "Adviser answered"
        REPLIED = Step.REPLIED, "Advice given"
        WITHDRAWN = Step.WITHDRAWN, "Question withdrawn"
        FOLLOWED = Step.FOLLOWED, "Advice followed"
        NOT_FOLLOWED = Step.NOT_FOLLOWED, "Advice not followed"

    advice = models.ForeignKey("decisions.Advice", on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    words = models.TextField(blank=True)

    class Meta(RecordedFact.Meta):
        ordering = ["advice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["advice", "number"], name="advice_steps_in_turn"),
            models.UniqueConstraint(
                fields=["advice"],
                condition=Q(kind__in=[step.value for step in ENDING]),
                name="advice_ends_once",
            ),
            models.UniqueConstraint(
                fields=["advice"],
                condition=Q(kind__in=[step.value for step in SETTLING]),
                name="advice_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[step.value for step in Step]), name="advice_step_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[step.value for step in NEED_WORDS]) | ~Q(words=""),
                name="advice_step_says_what",
            ),
            models.CheckConstraint(
                condition=Q(kind=Step.TAKEN.value, to=F("by"))
                | Q(kind=Step.HANDED_ON.value, to__isnull=False)
                | (~Q(kind__in=[Step.TAKEN.value, Step.HANDED_ON.value]) & Q(to__isnull=True)),
                name="advice_step_names_whom",
            ),
        ]
        triggers = [
            *append_only(of="(SELECT decision_id FROM decisions_advice WHERE id = OLD.advice_id)"),
            advice_step_triggers(),
            search_index_trigger(
                words_of("words"),
                decision="(SELECT decision_id FROM decisions_advice WHERE id = NEW.advice_id)",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def title(self) -> str:
        """Its title in the timeline."""
        if self.kind == Step.HANDED_ON:
            assert self.to is not None
            return f"{self} to {self.to.name_at(self.at)}"
        return str(self)
