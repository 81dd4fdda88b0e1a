"""Whether emails can be sent. For `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility, deploy=True)
def check_emails(**options: Any) -> list[CheckMessage]:
    """Half of what sending takes is as good as none, and nobody would notice."""
    by_notify = [settings.GOVUK_NOTIFY_API_KEY, settings.GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID]
    by_smtp_from_nobody = settings.EMAIL_HOST != "localhost" and settings.DEFAULT_FROM_EMAIL.endswith(
        "@localhost"
    )
    faults = [
        (
            any(by_notify) and not all(by_notify),
            "sharingwell.E005",
            "GOV.UK Notify needs both NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID, and has one of them.",
        ),
        (
            by_smtp_from_nobody and not any(by_notify),
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
    return [Error(message, hint=hint, id=name) for found, name, message in faults if found]
