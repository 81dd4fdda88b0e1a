"""Admin pages of a version: contents, preview, publishing, discarding."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from guidance.admin.contents import MOVABLE, groups_of, other_groups, with_links
from guidance.admin.edit_conflicts import conflict_reason, render_conflict
from guidance.admin.forms import TitleForm
from guidance.admin.publishing import PublishForm
from guidance.admin.rows import VERSIONS_URL, version_page
from guidance.choices import Part
from guidance.content.from_rows import examples_from_rows, guide_from_rows, sections_from_rows
from guidance.diff.versions import GuideText, compare
from guidance.editing import publishing
from guidance.editing.draft_rows import DraftRows
from guidance.editing.drafts import read_draft
from guidance.editing.missing_content import find_missing_content
from guidance.editing.rows import version_of
from guidance.models import GuideVersion
from guidance.policies import can_edit, can_see_drafts
from guidance.reading import current_version, questions, rendered
from guidance.render.considerations import render_considerations
from guidance.render.guide import render_guide
from sharingwell.integers import whole_number


@admin.register(GuideVersion)
class GuideVersionAdmin(admin.ModelAdmin):
    actions = None
    form = TitleForm
    list_display = ["title", "date", "published_at"]
    show_full_result_count = False
    change_form_template = "guidance/admin/version.html"
    change_list_template = "guidance/admin/versions.html"
    delete_confirmation_template = "guidance/admin/discard.html"

    @property
    def media(self) -> Media:
        """No admin scripts: the pages work without, and jQuery's inline styles violate the CSP."""
        return Media()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_see_drafts(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_see_drafts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafts are copied from the current version, or loaded from a folder."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: GuideVersion | None = None) -> bool:
        return bool(obj and not obj.is_published and can_edit(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: GuideVersion | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: GuideVersion | None = None) -> tuple[str, ...]:
        """None for a published version, which is read-only."""
        return publishing.TITLE_FIELDS if self.has_change_permission(request, obj) else ()

    def get_urls(self) -> list[URLPattern]:
        pages = [("preview", self.preview), ("publish", self.publish), ("move", self.move)]
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"guidance_guideversion_{name}")
            for name, view in pages
        ]
        start = path("start/", self.admin_site.admin_view(self.start), name="guidance_guideversion_start")
        return [start, *own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"can_start": can_edit(request.user), **(extra_context or {})}
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Handles drafts that were changed, published or discarded while the page was open."""
        if object_id and request.method == "POST" and can_edit(request.user):
            version = self.get_object(request, unquote(object_id))
            if why := conflict_reason(version, version):
                return render_conflict(request, why)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.EditConflict:  # changed after validation: validate again, to show the conflict
            return super().changeform_view(request, object_id, form_url, extra_context)
        except publishing.NotADraft as error:
            return render_conflict(request, str(error))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except publishing.NotADraft as error:
            return _not_a_draft(request, error)

    def save_model(self, request: HttpRequest, obj: GuideVersion, form: Any, change: bool) -> None:
        by: Any = request.user  # the page requires sign-in
        publishing.change_title(by=by, draft=obj, base_fingerprint=form.stored_fingerprint)

    def delete_model(self, request: HttpRequest, obj: GuideVersion) -> None:
        publishing.discard_draft(by=request.user, draft=obj)  # type: ignore[arg-type]  # as above

    def response_change(self, request: HttpRequest, obj: GuideVersion) -> HttpResponse:
        messages.success(request, "Saved: title and subtitle.")
        return redirect(version_page(obj))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        messages.success(request, f"Discarded: {obj_display}.")
        return redirect(VERSIONS_URL)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        version: GuideVersion = context["original"]
        context |= _published_context(version) if version.is_published else _draft_context(version)
        response = super().render_change_form(request, context, *args, **kwargs)
        if not version.is_published and isinstance(response, TemplateResponse):
            response.template_name = "guidance/admin/draft.html"
        return response

    @method_decorator(require_POST)
    def start(self, request: HttpRequest) -> HttpResponse:
        try:
            draft = publishing.start_draft(by=request.user)  # type: ignore[arg-type]  # as above
        except publishing.NoPublishedVersion as error:
            messages.error(request, str(error))
            return redirect(VERSIONS_URL)
        self.log_addition(request, draft, "Started as a copy of the current version.")
        messages.success(
            request, "This draft is a copy of the current version. Readers see nothing of it yet."
        )
        return redirect(version_page(draft))

    @method_decorator(require_POST)
    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Moves a row up or down among its siblings."""
        table = MOVABLE.get(request.POST.get("kind", ""))
        row_pk = whole_number(request.POST.get("row", ""))
        row: Any = table._default_manager.filter(pk=row_pk).first() if table and row_pk is not None else None
        if row is None or version_of(row).pk != pk:
            raise Http404
        step = -1 if request.POST.get("to") == "up" else 1
        try:
            publishing.move_row(by=request.user, row=row, step=step)  # type: ignore[arg-type]  # as above
        except publishing.NotADraft as error:
            return _not_a_draft(request, error)
        return redirect(version_page(version_of(row), row))

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as readers will see it; redirects to the page of a published version."""
        if not can_see_drafts(request.user):
            raise PermissionDenied
        version = get_object_or_404(GuideVersion, pk=pk)
        if version.is_published:
            return redirect(version)
        return render(request, "guidance/admin/preview.html", _preview_context(version))

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the differences and publishes."""
        if not can_edit(request.user):
            raise PermissionDenied
        draft = get_object_or_404(GuideVersion, pk=pk)
        if draft.is_published:
            messages.error(request, f"It is published already: {draft}.")
            return redirect(version_page(draft))
        current = current_version()
        form = PublishForm.for_draft(draft, current, request.POST or None)
        if form.is_valid():
            try:
                draft = publishing.publish_draft(by=request.user, draft=draft, **form.answers)  # type: ignore[arg-type]
            except publishing.NotADraft as error:
                return _not_a_draft(request, error)
            except publishing.CannotPublish as error:
                form.add_error(error.field, str(error))
                current = current_version()
            else:
                self.log_change(request, draft, "Published.")
                messages.success(request, f"Published: {draft}.")
                return redirect(version_page(draft))
        checked = read_draft(draft)
        context = {
            "draft": draft,
            "current": current,
            "form": form,
            "current_pk": current.pk if current else "",
            "fingerprint": checked.fingerprint,
            "errors": with_links(checked.errors),
            "warnings": with_links(checked.warnings),
            "differences": compare(guide_from_rows(current) if current else GuideText(), checked.text),
        }
        return render(request, "guidance/admin/publish.html", context)


def _not_a_draft(request: HttpRequest, error: publishing.NotADraft) -> HttpResponse:
    messages.error(request, str(error))
    return redirect(VERSIONS_URL)


def _published_context(version: GuideVersion) -> dict[str, Any]:
    all_questions = questions(version)
    return {
        "guide": rendered(version),
        "missing": find_missing_content(sections_from_rows(version), examples_from_rows(version)),
        "parts": [(part.label, [each for each in all_questions if each.part == part]) for part in Part],
        "groups": other_groups(
            version, version.considerations.all(), version.messages.all(), version.resources.all()
        ),
    }


def _draft_context(version: GuideVersion) -> dict[str, Any]:
    draft = read_draft(version)
    return {
        "groups": groups_of(draft.rows),
        "errors_found": with_links(draft.errors),
        "warnings_found": with_links(draft.warnings),
    }


def _preview_context(version: GuideVersion) -> dict[str, Any]:
    text = DraftRows(version).text
    guide = render_guide(
        date=version.date,
        title=text.title,
        subtitle=text.subtitle,
        sections=text.sections,
        examples=text.examples,
        principles=text.principles,
        principles_url=text.principles_url,
        resources=text.resources,
    )
    considerations = render_considerations(text.considerations, guide).values()
    parts = [
        (
            part,
            [question for question in text.questions if question.part == part],
            [each for each in considerations if each.part == part],
        )
        for part in Part
    ]
    return {"version": version, "guide": guide, "parts": parts, "texts": text.messages}
