"""One email, sent by whichever way is configured."""

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


def send(email: int) -> None:
    """Send this email unless that has been done, and say that it was as soon as a mail server has accepted it.

    It is held meanwhile: whoever else would send it waits, and finds it sent. Who has left, or works for another
    organisation by now, is told nothing. Raises what the mail server, or the way to it, complains of.
    """
    connection = get_connection()
    try:
        with transaction.atomic():
            found = Email.objects.waiting().select_for_update(of=["self"]).filter(pk=email).first()
            if found is None or not found.to.is_active or found.to.organisation != found.organisation:
                return
            message = as_message(found)
            connection.open()
            message.connection = connection
            message.send()
            Email.objects.filter(pk=found.pk).update(sent_at=timezone.now())
    finally:
        with suppress(OSError):
            connection.close()
    logger.info("Email %s was sent.", email)


def mark_failed(email: int) -> None:
    """Say that this email is tried no more. Administrators see it with the person it was for."""
    Email.objects.waiting().filter(pk=email).update(failed_at=timezone.now())
    logger.error("Email %s was given up.", email)


def as_message(email: Email) -> EmailMessage:
    """A reference and a link for each notice, and no word of any case; the first of them where there are very many."""
    notifications = list(email.notifications.select_related("to")[: MAX_NOTIFICATIONS + 1])
    context = {
        "notifications": notifications[:MAX_NOTIFICATIONS],
        "waiting": f"{settings.SITE_ADDRESS}{reverse('decisions:inbox')}"
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
