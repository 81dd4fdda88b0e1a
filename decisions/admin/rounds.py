"""Admin page of one recorded round."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from decisions.admin.base import LogAdmin
from decisions.models import Round


@admin.register(Round)
class RoundAdmin(LogAdmin):
    """Shows a round. Its changelist redirects to the list of decisions."""

    change_form_template = "admin/decisions/round.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        rounds: QuerySet[Round] = super().get_queryset(request)
        return rounds.filter(recorded_at__isnull=False).select_related("decision__organisation", "version")

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Hide the model from the admin index."""
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return redirect("admin:decisions_decision_changelist")
