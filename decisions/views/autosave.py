"""Base view of pages that edit a draft: saves by button or autosave, and shows conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from decisions import actions
from decisions.actions import SaveResult
from decisions.forms.draft import DraftForm
from decisions.models import Round
from decisions.views.base import DecisionView


class DraftView(DecisionView):
    """Handles autosave as the same request to the same URL, with an Accept header that excludes HTML."""

    can_restore_input = True

    @property
    def is_autosave(self) -> bool:
        return not self.request.accepts("text/html")

    def save(self, round: Round, form: DraftForm) -> SaveResult | None:
        """Save the valid fields. The form then holds the errors and conflicts of the others."""
        if self.is_restoring_input:
            self.must_redisplay(form)
            return None
        saving = self.write(round, form)
        if not self.is_autosave:
            form.apply_save_result(saving)
        return saving

    def write(self, round: Round, form: DraftForm) -> SaveResult:
        return actions.save_words(by=self.request.user, round=round, words=form.words(), page=form.page)

    def autosave_response(
        self, form: DraftForm, saving: SaveResult, *, considered: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """JSON for the autosave script: a message, the new base fingerprints except for fields in conflict, and HTML of
        what the answers bring up, by question.
        """
        message = f"Saved {timezone.localtime():%H:%M}"
        if saving.in_conflict:
            message += ", but not what was also changed elsewhere. Press Save to see both."
        elif form.errors:
            message += ", but not what is too long or half filled in. Press Save to see it."
        page = form.page.with_base(saving.accepted, saving.words)
        return JsonResponse(
            {"message": message, "seen": page.base_fingerprints_json, "considered": considered or {}}
        )

    def status(self, form: DraftForm | None) -> int:
        return HTTPStatus.CONFLICT if form and form.conflicts else HTTPStatus.OK
