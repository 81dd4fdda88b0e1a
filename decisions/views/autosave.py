"""What every page that writes in a draft does: save, by the button or in the background, and show both versions."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from decisions import actions
from decisions.actions import SaveResult
from decisions.forms.draft import DraftForm
from decisions.models import Round
from decisions.views.base import DecisionView


class DraftView(DecisionView):
    """SaveResult in the background is the same request to the same address, by a script that asks for no page."""

    can_show_words_again = True

    @property
    def is_in_background(self) -> bool:
        return not self.request.accepts("text/html")

    def save(self, round: Round, form: DraftForm) -> SaveResult | None:
        """What is in order is saved even where the rest is not; the form then says what is left to settle."""
        if self.only_shows:
            self.goes_back(form)
            return None
        saving = self.write(round, form)
        if not self.is_in_background:
            form.take_up(saving)
        return saving

    def write(self, round: Round, form: DraftForm) -> SaveResult:
        return actions.save_words(by=self.request.user, round=round, words=form.words(), page=form.page)

    def tell(self, form: DraftForm, saving: SaveResult) -> HttpResponse:
        """To the script: what to say, and what the page now knows. What is in conflict it does not know yet."""
        said = f"Saved {timezone.localtime():%H:%M}"
        if saving.in_conflict:
            said += ", but not what was also changed elsewhere. Press Save to see both."
        elif form.errors:
            said += ", but not what is too long or half filled in. Press Save to see it."
        page = form.page.with_base(saving.accepted, saving.words)
        return JsonResponse({"said": said, "seen": page.base_fingerprints_json})

    def status(self, form: DraftForm | None) -> int:
        return HTTPStatus.CONFLICT if form and form.conflicts else HTTPStatus.OK
