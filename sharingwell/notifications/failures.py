"""What a mail server's refusal means. Pure."""

from __future__ import annotations

import smtplib
from http import HTTPStatus

PERMANENT_FAILURES = range(500, 600)  # RFC 5321, 4.2.1: the same request is not to be repeated


class NotifyRefused(OSError):
    """Notify could not be reached, or did not take the email. Holds the status, and nothing of what was sent."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Notify answered {status}.")
        self.status = status


def is_permanent_failure(error: BaseException) -> bool:
    """Whether this person, or this email, was refused, and not only for now.

    What is said of us is not meant: a sign-in that fails or a sender that is not known is put right in the settings,
    and all that waited meanwhile goes.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code in PERMANENT_FAILURES for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            return error.smtp_code in PERMANENT_FAILURES
        case NotifyRefused():
            return error.status == HTTPStatus.BAD_REQUEST
    return False
