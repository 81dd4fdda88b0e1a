"""Disclosure to data subjects: passages withheld, and each preparation of a subject access request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from decisions.database.triggers import OF_THE_DECISION, append_only, requires_recorded_round_or_advice
from decisions.models.base import RecordedFact
from decisions.models.retention import OrganisationQuerySet
from sharingwell.accounts.models import Organisation

PASSAGE_MAX_LENGTH = 200


class DisclosureMark(RecordedFact):
    """Whether a passage of a decision is withheld from its subject, and the reason; the latest counts.

    `passage` is a name of `decisions.record.redaction`.
    """

    decision = models.ForeignKey(
        "decisions.Decision", on_delete=models.PROTECT, related_name="disclosure_marks"
    )
    passage = models.CharField(max_length=PASSAGE_MAX_LENGTH)
    withheld = models.BooleanField()
    reason = models.TextField()

    class Meta(RecordedFact.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disclosure_mark_gives_a_reason")]
        triggers = [*append_only(of=OF_THE_DECISION), requires_recorded_round_or_advice()]

    def __str__(self) -> str:
        return "not for disclosure" if self.withheld else "for disclosure"


class PassageToWithhold(models.Model):
    """A passage of a draft to withhold: becomes a DisclosureMark when the round is recorded."""

    round = models.ForeignKey("decisions.Round", on_delete=models.CASCADE, related_name="to_withhold")
    passage = models.CharField(max_length=PASSAGE_MAX_LENGTH)
    reason = models.TextField()
    identifier_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "passages to withhold"
        constraints = [
            models.UniqueConstraint(fields=["round", "passage"], name="passage_to_withhold_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="passage_to_withhold_gives_a_reason"),
        ]

    def __str__(self) -> str:
        return "not for disclosure"

    @property
    def withheld(self) -> bool:
        return True


class SubjectAccess(models.Model):
    """A search for everything under one case reference, for disclosure.

    Stores the references found, not the case reference, which is deleted with the decisions.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    references = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "subject access"
        constraints = [
            models.CheckConstraint(condition=~Q(references=[]), name="subject_access_found_something")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"prepared {self.at:%-d %B %Y}"
