"""Deployment checks of the email settings, for `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility, deploy=True)
def check_emails(**options: Any) -> list[CheckMessage]:
    """Reports settings with which emails would not be sent, or with links that lead nowhere."""
    notify_settings = [settings.GOVUK_NOTIFY_API_KEY, settings.GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID]
    smtp_without_sender = settings.EMAIL_HOST != "localhost" and settings.DEFAULT_FROM_EMAIL.endswith(
        "@localhost"
    )
    checks = [
        (
            any(notify_settings) and not all(notify_settings),
            "sharingwell.E005",
            "GOV.UK Notify needs both NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID, and has one of them.",
        ),
        (
            smtp_without_sender and not any(notify_settings),
            "sharingwell.E006",
            "EMAIL_URL names a mail server, and EMAIL_FROM no sender.",
        ),
        (
            not urlsplit(settings.SITE_ADDRESS).hostname,
            "sharingwell.E007",
            "Links in emails would lead nowhere: set SITE_ADDRESS, such as https://sharing-well.example.gov.uk.",
        ),
    ]
    hint = "docs/running.md says how emails are sent."
    return [Error(message, hint=hint, id=name) for failed, name, message in checks if failed]
