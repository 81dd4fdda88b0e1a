"""Base class of the log's admin pages: permissions and access logging."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from decisions import actions, policies
from decisions.models import Access


class LogAdmin(admin.ModelAdmin):
    """Read-only admin for IG managers, limited to `.visible_to`. Superusers get no extra access.

    Logs each access to a record before the page is shown.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # facets count every row
    sortable_by = ()  # keyset pages have one order
    ordering = ["-pk"]
    fields = ()  # the template shows a record instead of a form

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
        """Deny deletion before any query."""
        raise PermissionDenied

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_read_log(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_read_log(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def can_read_log(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and policies.can_review_log(user))
