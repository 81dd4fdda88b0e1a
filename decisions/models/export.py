"""Exports of the log as files: who, when, by which filter, and which decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from decisions.database.triggers import append_only
from sharingwell.accounts.models import Organisation, Role

if TYPE_CHECKING:
    from decisions.models.decision import Decision
    from sharingwell.accounts.models import User


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User | AnonymousUser) -> ExportQuerySet:
        """Exports are visible to the organisation's IG managers."""
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        return self.filter(organisation=user.organisation) if user.organisation else self.none()

    def covering(self, decision: Decision) -> ExportQuerySet:
        """Exports that contain this decision."""
        return self.filter(decisions__contains=[decision.pk])

    def summaries(self) -> ExportQuerySet:
        """Latest first, with author and end, without the array of decisions."""
        return self.defer("decisions").select_related("by", "end").order_by("-pk")


class Export(models.Model):
    """One export, committed before the first byte is sent. Counts as an access to each decision in it.

    Search words are not stored, because they can be about a person; `by_words` says that there were some.
    `decisions` holds keys, which remain after a disposal.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    filter = models.TextField(blank=True, help_text="As the address had it; none for the whole log.")
    by_words = models.BooleanField(default=False, help_text="Whether words were searched for, too.")
    format = models.CharField(max_length=10, choices=Format)
    count = models.PositiveIntegerField(help_text="How many decisions.")
    decisions = ArrayField(models.BigIntegerField(), help_text="Their keys, the latest first.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=["csv", "xlsx"]), name="export_format_known"),
            models.CheckConstraint(condition=Q(count=models.F("decisions__len")), name="export_counts_them"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"exported {self.at:%-d %B %Y}"


class ExportEnd(models.Model):
    """End of an export: complete, or after the rows read before the client disconnected. XLSX reads all rows first.

    An export without an end is in progress, or the server stopped.
    """

    export = models.OneToOneField(Export, on_delete=models.PROTECT, related_name="end")
    sent = models.PositiveIntegerField(help_text="How many rows were handed to the server.")
    is_whole = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return "sent" if self.is_whole else "stopped half-way"
