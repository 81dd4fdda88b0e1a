"""What people are told of, and the emails by which they are told. Neither holds a word of a case.

Both are behind the wall between organisations. `sharingwell.notifications.actions` is their only writer.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from sharingwell.accounts.invitations import invitation_path
from sharingwell.accounts.models import Organisation
from sharingwell.database.triggers import organisation_is_final


class Kind(models.TextChoices):
    """What a person is told, in the words of the email's subject, which says nothing about anybody."""

    ADVICE_ASKED = "advice-asked", "Somebody asks for your advice"
    ADVICE_REPLIED = "advice-replied", "There is a reply to your question"
    ADVICE_OVERDUE = "advice-overdue", "Somebody still waits for your advice"
    REVIEW_DUE = "review-due", "A decision is due for review"
    LOOK_AGAIN = "look-again", "A decision is to be looked at again"
    FOLLOW_UP_ASKED = "follow-up-asked", "The information governance team has a question for you"
    DRAFT_REMOVED_SOON = "draft-removed-soon", "A draft of yours will be removed soon"
    INVITATION = "invitation", "You are invited to Sharing well"


class EmailQuerySet(models.QuerySet["Email"]):
    def waiting(self) -> EmailQuerySet:
        """To be sent: neither gone nor given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def failed(self) -> EmailQuerySet:
        return self.filter(failed_at__isnull=False)

    def over(self) -> EmailQuerySet:
        """Sent or given up, the latest first."""
        return (
            self.annotate(over_at=Coalesce("sent_at", "failed_at")).exclude(over_at=None).order_by("-over_at")
        )


class Email(models.Model):
    """One email to one person: about one notice, or with `day` about all that came since the one of the day before.

    `message_id` stays the same however often it has to be sent, so that whoever receives it twice can tell. `sent_at`
    is when a mail server had accepted it, `failed_at` when it had failed for the last time. `organisation` is the
    person's when it was made: none has a superuser.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects: ClassVar[EmailQuerySet] = EmailQuerySet.as_manager()  # type: ignore[assignment]  # a manager with its methods

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["to", "day"], name="email_one_digest_a_day"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True), name="email_sent_or_failed"
            ),
        ]
        triggers: ClassVar = [organisation_is_final()]

    def __str__(self) -> str:
        return f"email {self.pk}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def for_the_next_digest(self) -> NotificationQuerySet:
        """Those that wait for the daily email, to people who are still there."""
        here = Q(to__is_active=True) & Q(to__team__organisation=F("organisation"))
        return self.filter(here, email__isnull=True)


class Notification(models.Model):
    """Something waits for one person, who is told of each fact once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=12, blank=True)
    path = models.CharField(max_length=200, blank=True)
    fact = models.CharField(max_length=80)
    is_urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="notifications", null=True)

    objects: ClassVar[models.Manager[Notification]] = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["to", "fact"], name="notice_once_for_a_fact"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind_known"),
        ]
        triggers: ClassVar = [organisation_is_final()]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def url(self) -> str:
        """Where to go. An invitation's is made when it is asked for: the token in it opens an account."""
        path = invitation_path(self.to) if self.kind == Kind.INVITATION else self.path
        return f"{settings.SITE_ADDRESS}{path or reverse('home')}"
