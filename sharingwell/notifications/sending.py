"""Sends one email through the configured backend."""

from __future__ import annotations

import logging
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from sharingwell.notifications.models import Email, Notification

logger = logging.getLogger(__name__)

MAX_NOTIFICATIONS = 100  # in one email


def send(email_id: int) -> None:
    """Send this email and set `sent_at`, unless it was sent before.

    Locks the row, so that a second worker waits and then does nothing. Skips people who are inactive or have moved to
    another organisation. Raises the errors of the mail backend.
    """
    connection = get_connection()
    try:
        with transaction.atomic():
            row = Email.objects.pending().select_for_update(of=["self"]).filter(pk=email_id).first()
            if row is None or not row.to.is_active or row.to.organisation != row.organisation:
                return
            message = as_message(row)
            connection.open()
            message.connection = connection
            message.send()
            Email.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    finally:
        with suppress(OSError):
            connection.close()
    logger.info("Email %s was sent.", email_id)


def mark_failed(email_id: int) -> None:
    """Set `failed_at`: no further attempts. Administrators see it beside the person."""
    Email.objects.pending().filter(pk=email_id).update(failed_at=timezone.now())
    logger.error("Email %s was given up.", email_id)


def as_message(email: Email) -> EmailMessage:
    """Renders references and links, and no content of a decision; at most MAX_NOTIFICATIONS in one email."""
    notifications = list(email.notifications.select_related("to")[: MAX_NOTIFICATIONS + 1])
    context = {
        "notifications": notifications[:MAX_NOTIFICATIONS],
        "inbox_url": f"{settings.SITE_ADDRESS}{reverse('decisions:inbox')}"
        if notifications[MAX_NOTIFICATIONS:]
        else "",
        "organisation": email.organisation or "Your organisation",
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        "preferences": f"{settings.SITE_ADDRESS}{reverse('account_emails')}",
    }
    name = "digest" if email.day else notifications[0].kind
    return EmailMessage(
        subject="Sharing well: what waits for you" if email.day else _subject(notifications[0]),
        body=render_to_string(f"notifications/{name}.txt", context),
        to=[email.to.email],
        headers={"Message-ID": f"<{email.message_id}@{urlsplit(settings.SITE_ADDRESS).hostname}>"},
    )


def _subject(notification: Notification) -> str:
    return (
        f"Urgent: {notification.get_kind_display()}"
        if notification.is_urgent
        else notification.get_kind_display()
    )
