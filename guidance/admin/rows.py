"""Admin pages of the rows of a version.

The page of the version links to them; rows of a published version are read-only.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from guidance.admin import forms
from guidance.admin.edit_conflicts import conflict_reason, render_conflict
from guidance.editing.publishing import EditConflict, NotADraft, delete_row, save_row
from guidance.editing.rows import Row, version_of
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from guidance.policies import can_edit, can_see_drafts
from sharingwell.integers import whole_number

VERSIONS_URL = "admin:guidance_guideversion_changelist"


def version_page(version: GuideVersion, row: Row | None = None) -> str:
    """The version's page, scrolled to the row."""
    url = reverse("admin:guidance_guideversion_change", args=[version.pk])
    return f"{url}#{row._meta.model_name}-{row.pk}" if row else url


def preview_page(version: GuideVersion, row: Row | None = None) -> str:
    """The version's preview, scrolled to the row."""
    return f"{reverse('admin:guidance_guideversion_preview', args=[version.pk])}#{_anchor(row)}"


def _anchor(row: Row | None) -> str:
    if isinstance(row, Option):
        return f"question-{row.question.key}"
    if isinstance(row, Question):
        return f"question-{row.key}"
    if isinstance(row, Consideration):
        return f"consideration-{row.key}"
    if isinstance(row, Message):
        return f"message-{row.key}"
    if isinstance(row, Principle):
        return f"principle-{row.number}"
    return row.slug if isinstance(row, Section | Example) else "guide-title"


class RowAdmin(admin.ModelAdmin):
    actions = None
    change_form_template = "guidance/admin/row.html"
    delete_confirmation_template = "guidance/admin/delete.html"
    owner_model: type[GuideVersion] | type[Question] = GuideVersion
    path_to_version = "version"

    @property
    def media(self) -> Media:
        """No admin scripts: the pages work without, and jQuery's inline styles violate the CSP."""
        return Media()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hidden from the index: the page of the version lists its rows."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_see_drafts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_edit(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_edit(request.user) and not (obj and version_of(obj).is_published)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Selects the version, which every page needs."""
        return super().get_queryset(request).select_related(self.path_to_version)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect(VERSIONS_URL)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        owner = self._owner_of_new(request)
        version = owner.version if isinstance(owner, Question) else owner
        if version is None or version.is_published:
            if request.method == "POST":
                return render_conflict(
                    request, "The draft it was meant for is not there any more, or is published."
                )
            messages.error(request, "Open a draft, and add to it from its page.")
            return redirect(VERSIONS_URL)
        return super().add_view(request, form_url, {"version": version, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Handles drafts that were changed, published or discarded while the page was open."""
        if object_id and request.method == "POST" and can_edit(request.user):
            row: Any = self.get_object(request, unquote(object_id))
            if why := conflict_reason(row, version_of(row) if row else None):
                return render_conflict(request, why)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except EditConflict:  # changed after validation: validate again, to show the conflict
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotADraft as error:
            return render_conflict(request, str(error))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotADraft as error:
            messages.error(request, str(error))
            return redirect(VERSIONS_URL)

    def _owner_of_new(self, request: HttpRequest) -> Any:
        pk = whole_number(request.GET.get(self.owner_model._meta.model_name or "", ""))
        return None if pk is None else self.owner_model._default_manager.filter(pk=pk).first()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.owner = getattr(obj, form.owner_field) if obj else self._owner_of_new(request)
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Removes the admin's buttons for related rows, which need scripts and ignore the draft."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context["original"]:
            context["version"] = version_of(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_row(by=request.user, row=obj, base_fingerprint=form.stored_fingerprint or None)  # type: ignore[arg-type]  # the page requires sign-in

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        request.guide_version = version_of(obj)  # type: ignore[attr-defined]  # for `response_delete`
        delete_row(by=request.user, row=obj)  # type: ignore[arg-type]  # as above

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._response(request, obj) or super().response_change(request, obj)

    def _response(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        if "_continue" in request.POST:
            return None
        if "_preview" in request.POST:
            return redirect(preview_page(version_of(row), row))
        messages.success(request, f"Saved: {row}.")
        return redirect(version_page(version_of(row), row))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        messages.success(request, f"Deleted: {obj_display}.")
        return redirect(version_page(request.guide_version))  # type: ignore[attr-defined]


@admin.register(Section)
class SectionAdmin(RowAdmin):
    form = forms.SectionForm
    fields = tuple(forms.SectionForm.Meta.fields)


@admin.register(Example)
class ExampleAdmin(RowAdmin):
    form = forms.ExampleForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in forms.ExampleForm.Meta.fields if name != "section" or obj is None]


@admin.register(Principle)
class PrincipleAdmin(RowAdmin):
    form = forms.PrincipleForm
    fields = tuple(forms.PrincipleForm.Meta.fields)


@admin.register(Resource)
class ResourceAdmin(RowAdmin):
    form = forms.ResourceForm
    fields = tuple(forms.ResourceForm.Meta.fields)


@admin.register(Question)
class QuestionAdmin(RowAdmin):
    form = forms.QuestionForm
    fields = tuple(forms.QuestionForm.Meta.fields)


@admin.register(Option)
class OptionAdmin(RowAdmin):
    form = forms.OptionForm
    fields = tuple(forms.OptionForm.Meta.fields)
    owner_model = Question
    path_to_version = "question__version"


@admin.register(Consideration)
class ConsiderationAdmin(RowAdmin):
    form = forms.ConsiderationForm
    fields = tuple(forms.ConsiderationForm.Meta.fields)


@admin.register(Message)
class MessageAdmin(RowAdmin):
    form = forms.MessageForm
    fields = tuple(forms.MessageForm.Meta.fields)
