"""Email backend for GOV.UK Notify that sends each email once."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django_gov_notify.backends import NotifyEmailBackend
from django_gov_notify.utils import cast_to_notify_email_message
from notifications_python_client.errors import APIError

from sharingwell.notifications.failures import NotifyRefused


class IdempotentNotifyBackend(NotifyEmailBackend):
    """Sends with the Message-ID as Notify's reference, and skips an email whose reference Notify has already.

    Covers emails that Notify accepted just before the process stopped or the response was lost.
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
