"""Classifies errors of mail servers. Pure."""

from __future__ import annotations

import smtplib
from http import HTTPStatus

PERMANENT_FAILURES = range(500, 600)  # RFC 5321, section 4.2.1: permanent negative completion replies


class NotifyRefused(OSError):
    """Raised when Notify rejects an email or cannot be reached. Holds the status, and no content."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Notify answered {status}.")
        self.status = status


def is_permanent_failure(error: BaseException) -> bool:
    """Whether the recipient or the message was rejected for good.

    Errors about ourselves, such as a failed sign-in or an unknown sender, are temporary: once the settings are
    corrected, all queued emails are sent.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code in PERMANENT_FAILURES for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            return error.smtp_code in PERMANENT_FAILURES
        case NotifyRefused():
            return error.status == HTTPStatus.BAD_REQUEST
    return False
