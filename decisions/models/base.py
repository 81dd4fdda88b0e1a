"""Base of all recorded facts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

NOTE_MAX_LENGTH = 2000
REASON_MAX_LENGTH = 1000


class RecordedFact(models.Model):
    """A fact stated by a person at a moment.

    `identifier_reason` is the reason for a possible personal identifier in its text.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identifier_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]
