"""Emails by GOV.UK Notify, each of them once."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django_gov_notify.backends import NotifyEmailBackend
from django_gov_notify.utils import cast_to_notify_email_message
from notifications_python_client.errors import APIError

from sharingwell.notifications.failures import NotifyRefused


class IdempotentNotifyBackend(NotifyEmailBackend):
    """Gives Notify an email's Message-ID as its reference, and asks first whether Notify has one of that reference.

    So one that Notify took while we went down, or did not hear its answer, is not sent a second time.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        try:
            return sum(self._send_once(message) for message in email_messages)
        except APIError as error:
            raise NotifyRefused(error.status_code) from None

    def _send_once(self, message: EmailMessage) -> int:
        reference = message.extra_headers.get("Message-ID")
        if reference and self.client.get_all_notifications(reference=reference)["notifications"]:
            return 1
        content = cast_to_notify_email_message(message, self.fail_silently).message()
        for address in message.recipients():
            self.client.send_email_notification(email_address=address, reference=reference, **content)
        return 1
