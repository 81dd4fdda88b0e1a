"""What every recorded fact has in common."""

from __future__ import annotations

from django.conf import settings
from django.db import models

NOTE_MAX_LENGTH = 2000
REASON_MAX_LENGTH = 1000


class RecordedFact(models.Model):
    """A fact stated by a person at a moment. `identifier_reason`: why its words have to hold what looks like an identifier."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identifier_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]
