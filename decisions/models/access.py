"""Access log of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from decisions.database.triggers import append_only
from sharingwell.accounts.models import Organisation, Role

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from sharingwell.accounts.models import User
RECENT = 10
# Labels by URL name; empty where the round number suffices.
PAGES = {
    "decisions:decision": "the decision and its rounds",
    "decisions:describe": "what it is about, to change it",
    "decisions:compare": "two rounds beside each other",
    "decisions:thread-copy": "a copy of all rounds",
    "decisions:follow-up": "what happened next, to say it",
    "decisions:look-again": "the day to look again, to move it",
    "decisions:close": "the decision, to close it",
    "decisions:share": "who else may read it, to change that",
    "decisions:hand-over": "the decision, to hand it over",
    "decisions:again": "what has changed, to go round again",
    "decisions:again-with": "one part of the draft",
    "decisions:again-with-thoughts": "all answers, to check them",
    "decisions:access": "who has looked",
    "decisions:hold": "the legal hold, to set or lift it",
    "decisions:disposal": "how long it is kept",
    "decisions:disclosure": "what the person may be given",
    "decisions:passage": "one passage, to give or withhold it",
    "decisions:subject-access-found": "everything about one person",
    "decisions:subject-access-copy": "everything about one person, for them",
    "decisions:round": "",
    "decisions:recorded": "the confirmation",
    "decisions:message": "a message to send",
    "decisions:calendar": "the day to look again, for a calendar",
    "decisions:example": "the record, to write an example from it",
    "decisions:review": "the record, to review it",
    "decisions:changed": "what had changed, to change it",
    "decisions:discard": "the draft, to discard it",
    "decisions:ask": "the round, to ask for advice",
    "advice:question": "a question to an adviser, and the round as it stood",
    "advice:reply": "a question to an adviser, to reply",
    "advice:send-back": "a question to an adviser, to send it back",
    "advice:release": "a question to an adviser, to release it",
    "advice:hand-on": "a question to an adviser, to hand it on",
    "advice:answer": "a question to an adviser, to answer what they asked",
    "advice:withdraw": "a question to an adviser, to withdraw it",
    "advice:settle": "a question to an adviser, to say what came of it",
    "decisions:withhold": "what the person may be given of the draft",
    "decisions:withhold-passage": "one passage of the draft, to give or withhold it",
    "decisions:check": "all answers, to check them",
    "decisions:copy": "a copy of the record",
    "decisions:urgent-draft": "the draft, to record it at once",
    "decisions:part": "one part of the draft",
    "admin:decisions_decision_change": "the decision and its records",
    "admin:decisions_decision_history": "the history",
    "admin:decisions_round_change": "the record",
    "admin:decisions_round_history": "the history",
}


class AccessQuerySet(models.QuerySet["Access"]):
    def visible_to(self, user: User | AnonymousUser) -> AccessQuerySet:
        """The access log is visible to the organisation's IG managers."""
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        return self.filter(organisation=user.organisation) if user.organisation else self.none()

    def of(self, decision: Decision) -> AccessQuerySet:
        return self.filter(organisation=decision.organisation_id, reference=decision.reference)

    def recent(self) -> AccessQuerySet:
        """The latest entries, for the foot of a page."""
        return self.latest_first().select_related("by")[:RECENT]

    def latest_first(self) -> AccessQuerySet:
        return self.order_by("-pk")


class Access(models.Model):
    """One view of a decision or round, committed before the response is sent.

    References the decision by its reference, so that the entry outlives a discarded draft. `page` is the URL name.
    """

    class Channel(models.TextChoices):
        PAGE = "page", "on a page"
        PDF = "pdf", "as a PDF"
        TEXT = "txt", "as plain text"
        JSON = "json", "as JSON"
        ADMIN = "admin", "in the admin"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=12)
    round_number = models.PositiveSmallIntegerField(null=True, blank=True)
    page = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "access log"
        indexes = [models.Index(fields=["reference", "-id"], name="access_by_reference")]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["page", "pdf", "txt", "json", "admin"]), name="access_channel_known"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.reference} {self.get_channel_display()}"

    @property
    def what(self) -> str:
        """Label of the page viewed."""
        round = f"round {self.round_number}" if self.round_number is not None else ""
        return ", ".join(filter(None, [round, PAGES.get(self.page, self.page)]))
