"""What both lists of the log and their records have in common: who reads them, and that each look is logged."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from decisions import actions, policies
from decisions.models import Access


class LogAdmin(admin.ModelAdmin):
    """Read-only, for IG managers, of what `.visible_to` shows them. Being a superuser opens nothing.

    Each look at a record is logged as it is found, before it is shown.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # counts, each over all there is
    sortable_by = ()  # a page begins where the one before ended, in the one order there is
    ordering = ["-pk"]
    fields = ()  # the page is a record to be read, not a form

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method in {"GET", "HEAD"}:
            assert request.user.is_authenticated
            assert request.resolver_match is not None
            actions.log_access(
                by=request.user,
                decision=getattr(found, "decision", found),
                round_number=getattr(found, "number", None),
                page=request.resolver_match.view_name,
                channel=Access.Channel.ADMIN,
            )
        return found

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused before anything is looked for."""
        raise PermissionDenied

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads_the_log(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reads_the_log(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def reads_the_log(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and policies.can_review_log(user))
