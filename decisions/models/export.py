"""That decisions were taken out of the log as a file: who, when, by which filter, and which."""

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
        """What was taken out is for the organisation's IG managers to see."""
        if not user.is_authenticated or not user.is_active or not user.has_role(Role.IG_MANAGER):
            return self.none()
        return self.filter(organisation=user.organisation) if user.organisation else self.none()

    def covering(self, decision: Decision) -> ExportQuerySet:
        """Those in which this decision was."""
        return self.filter(decisions__contains=[decision.pk])

    def in_short(self) -> ExportQuerySet:
        """The latest first, with who and how it ended, and without the long list of what was in it."""
        return self.defer("decisions").select_related("by", "end").order_by("-pk")


class Export(models.Model):
    """One file, written down before its first line leaves: a look at each decision in it.

    Words that were searched for are not kept, for they can be about a person; that there were some is.

    `decisions` are their keys. One that is disposed of later leaves its key, as a look leaves its reference.
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
    """That the file went out: all of it, or as many rows as were read before the reader stopped. XLSX reads all first.

    An export without one was cut off together with the product, or is on its way.
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
