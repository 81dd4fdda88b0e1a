"""Notifications, and the emails that carry them. Neither holds any content of a decision.

Both have row-level security by organisation. Only `sharingwell.notifications.actions` writes them.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from sharingwell.accounts.invitations import invitation_path, reset_path
from sharingwell.accounts.models import Organisation
from sharingwell.database.triggers import organisation_is_final


class Kind(models.TextChoices):
    """Kinds of notification. The label is the email's subject, which holds no personal data."""

    ADVICE_ASKED = "advice-asked", "Somebody asks for your advice"
    ADVICE_REPLIED = "advice-replied", "There is a reply to your question"
    ADVICE_OVERDUE = "advice-overdue", "Somebody still waits for your advice"
    REVIEW_DUE = "review-due", "A decision is due for review"
    LOOK_AGAIN = "look-again", "A decision is to be looked at again"
    FOLLOW_UP_ASKED = "follow-up-asked", "The information governance team has a question for you"
    DRAFT_REMOVED_SOON = "draft-removed-soon", "A draft of yours will be removed soon"
    INVITATION = "invitation", "You are invited to Sharing well"
    PASSWORD_RESET = "password-reset", "Choose a new password for Sharing well"
    PASSWORD_CHANGED = "password-changed", "Your password for Sharing well was changed"
    APPOINTMENT = "appointment", "Somebody’s new role needs your answer"


ABOUT_THE_ACCOUNT = frozenset(
    {Kind.INVITATION, Kind.PASSWORD_RESET, Kind.PASSWORD_CHANGED}
)  # sent at once, whatever a person chose


class EmailQuerySet(models.QuerySet["Email"]):
    def pending(self) -> EmailQuerySet:
        """Emails to be sent: neither sent nor failed."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def failed(self) -> EmailQuerySet:
        return self.filter(failed_at__isnull=False)

    def finished(self) -> EmailQuerySet:
        """Emails sent or failed, latest first."""
        return (
            self.annotate(finished_at=Coalesce("sent_at", "failed_at"))
            .exclude(finished_at=None)
            .order_by("-finished_at")
        )


class Email(models.Model):
    """An email to one person: about one notification, or with `day` a digest of those since the day before.

    `message_id` is the same on each attempt, so that mail clients can detect duplicates. `sent_at` is when a mail
    server accepted it, `failed_at` when the last attempt failed. `organisation` is the person's when the email was
    made; null for superusers.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects: ClassVar[EmailQuerySet] = EmailQuerySet.as_manager()  # type: ignore[assignment]  # a manager with its methods

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["to", "day"], name="email_one_digest_per_day"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True), name="email_sent_or_failed"
            ),
        ]
        triggers: ClassVar = [organisation_is_final()]

    def __str__(self) -> str:
        return f"email {self.pk}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due_for_digest(self) -> NotificationQuerySet:
        """Notifications without an email yet, to active people still in the same organisation."""
        current_staff = Q(to__is_active=True) & Q(to__team__organisation=F("organisation"))
        return self.filter(current_staff, email__isnull=True)


class Notification(models.Model):
    """Tells one person of one event.

    `event_key` identifies the event: a person is notified once of each.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=12, blank=True)
    path = models.CharField(max_length=200, blank=True)
    event_key = models.CharField(max_length=80)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="notifications", null=True)

    objects: ClassVar[models.Manager[Notification]] = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["to", "event_key"], name="notification_unique_event"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notification_kind_known"),
        ]
        triggers: ClassVar = [organisation_is_final()]

    def __str__(self) -> str:
        return f"notification {self.pk}"

    @property
    def url(self) -> str:
        """Absolute URL of the page to open. A link to choose a password is made on each access, and never stored."""
        choose = {Kind.INVITATION: invitation_path, Kind.PASSWORD_RESET: reset_path}.get(Kind(self.kind))
        path = choose(self.to) if choose else self.path
        return f"{settings.SITE_ADDRESS}{path or reverse('home')}"
