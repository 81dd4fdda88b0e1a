"""The versions of the guide, for guide editors to look through. Nothing is written here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from guidance.gaps import find_gaps
from guidance.models import GuideVersion, Part
from guidance.reading import questions, rendered
from guidance.stored import stored_examples, stored_sections
from sharingwell.accounts.models import Role


def edits_the_guide(user: Any) -> bool:
    """The guide is public: an administrator or a superuser may look at what its editors see."""
    if not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_superuser or user.has_role(Role.GUIDE_EDITOR) or user.has_role(Role.ADMINISTRATOR))


@admin.register(GuideVersion)
class GuideVersionAdmin(admin.ModelAdmin):
    actions = None
    list_display = ["title", "date", "published_at"]
    show_full_result_count = False
    change_form_template = "guidance/admin/version.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return edits_the_guide(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return edits_the_guide(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[()]:
        """None: the page is there to be read, it is not a form."""
        return ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        version: GuideVersion = context["original"]
        asked = questions(version)
        context |= {
            "guide": rendered(version),
            "gaps": find_gaps(stored_sections(version), stored_examples(version)),
            "parts": [(part.label, [each for each in asked if each.part == part]) for part in Part],
        }
        return super().render_change_form(request, context, *args, **kwargs)
