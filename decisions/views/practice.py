"""Practice over HTTP: the cases, one walked through, the record as it would read. No sign-in, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View

from decisions.domain.progress import open_questions, progress
from decisions.errors import NoPublishedGuide
from decisions.forms import PartForm, ThoughtsForm
from decisions.forms.draft import DraftForm
from decisions.practice import Case, PracticeRound, cases_of, session_store
from decisions.practice.forms import BeginForm
from decisions.record.considerations import considered
from decisions.views.round_context import after_part, answered, check_page, part_form, part_page
from guidance.choices import Part
from guidance.models import GuideVersion
from guidance.reading import current_version
from sharingwell.unsaved_input import render_unsaved_input


class NotBegun(Exception):
    """Nothing is written of this case: it has not been begun, or the session has ended."""


def current_guide() -> GuideVersion:
    """Practice follows the guide as it is now. Raises NoPublishedGuide."""
    version = current_version()
    if version is None:
        raise NoPublishedGuide
    return version


@method_decorator(login_not_required, name="dispatch")
class ShowCases(View):
    """The cases; to send the page's form is to forget everything written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cases = cases_of(current_guide()).values()
        begun = {case.key for case in cases if session_store.notes_on(request.session, case.key)}
        return render(request, "decisions/practice/cases.html", {"cases": cases, "begun": begun})

    def post(self, request: HttpRequest) -> HttpResponse:
        session_store.forget_all(request.session, with_session=not request.user.is_authenticated)
        messages.success(request, "What you wrote in practice is gone.")
        return redirect("decisions:practice")


@method_decorator(login_not_required, name="dispatch")
class CaseView(View):
    """What every page of a case does: find it in the guide as it is now."""

    version: GuideVersion
    case: Case

    def dispatch(self, request: HttpRequest, *args: Any, case: str, **kwargs: Any) -> HttpResponseBase:
        self.version = current_guide()
        cases = cases_of(self.version)
        if case not in cases:
            raise Http404("There is no such case.")
        self.case = cases[case]
        return super().dispatch(request, *args, **kwargs)

    def page(self, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
        """Marked as practice, with the case at hand: the mark needs it."""
        return render(
            self.request, f"decisions/practice/{template}.html", {**context, "case": self.case}, status=status
        )

    def written(self) -> session_store.Notes | None:
        return session_store.notes_on(self.request.session, self.case.key)


class BeginCase(CaseView):
    """The story, and which way the information goes: it can be seen otherwise later, and what is written stays."""

    def get(self, request: HttpRequest) -> HttpResponse:
        written = self.written()
        direction = written["direction"] if written else self.case.direction
        return self.page("begin", {"form": BeginForm(initial={"direction": direction})})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BeginForm(request.POST)
        if not form.is_valid():
            return self.page("begin", {"form": form})
        if not request.user.is_authenticated:
            request.session.set_expiry(0)  # it ends with the browser, as it does for those who sign in
            type(
                request.session
            ).clear_expired()  # whoever went without a word leaves nothing behind for long
        session_store.begin(request.session, self.case.key, form.cleaned_data["direction"])
        return redirect("decisions:practice-case", self.case.key)


@method_decorator(login_not_required, name="dispatch")
class RoundView(CaseView):
    """A page of a case that has been begun; words sent after the session ended are shown again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotBegun:
            if request.method == "POST":
                return render_unsaved_input(
                    request,
                    title="Your practice had ended before this was sent",
                    explanation="Practice ends half an hour after its last page, and nothing of it is kept. What you "
                    "sent just now is below. Begin the case again in another tab, then come back here and send it "
                    "again.",
                    next_url=reverse("decisions:practice-begin", args=[self.case.key]),
                    next_text="Begin again (opens in a new tab)",
                    can_send_again=True,
                    status=409,
                )
            return redirect("decisions:practice-begin", self.case.key)

    @cached_property
    def round(self) -> PracticeRound:
        """As it was when the request came. Raises NotBegun."""
        written = self.written()
        if written is None:
            raise NotBegun
        return PracticeRound.of(self.case, self.version, written)

    def save(self, form: DraftForm) -> bool:
        """Keep what is in order, as a draft does; False where something else is left to put right."""
        is_valid = form.is_valid()
        session_store.write(self.request.session, self.case.key, form.words())
        if form.has_new_identifier_warning:
            messages.warning(self.request, "Please look at what is pointed out below before you go on.")
        return is_valid


class ShowCase(RoundView):
    """The parts, and how far each is answered; to send the page's form is to begin the case again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        all_answered = answered(self.round)
        parts = progress(all_answered)
        return self.page(
            "case",
            {
                "round": self.round,
                "parts": parts,
                "open": open_questions(all_answered),
                "has_optional_unanswered": any(part.optional_unanswered for part in parts),
            },
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        session_store.forget(request.session, self.case.key)
        return redirect("decisions:practice-begin", self.case.key)


class AnswerPracticePart(RoundView):
    """The page of a real part, with what one finds out on it."""

    def get(self, request: HttpRequest, part: str) -> HttpResponse:
        return self.part_page(self._part(part), part_form(self.round, part))

    def post(self, request: HttpRequest, part: str) -> HttpResponse:
        form = part_form(self.round, self._part(part), request.POST)
        if not self.save(form):
            return self.part_page(Part(part), form)
        return redirect(after_part(self.round, Part(part), form, to_overview="to_overview" in request.POST))

    def part_page(self, part: Part, form: PartForm) -> HttpResponse:
        learned = self.case.learned.get(part, "")
        return self.page("part", {**part_page(self.round, part, form), "learned": learned})

    def _part(self, part: str) -> Part:
        if part not in Part.values:
            raise Http404("There is no such part.")
        return Part(part)


class CheckPractice(RoundView):
    """All answers together; what cannot be recorded in earnest cannot be looked at as a record either."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("check", check_page(self.round, None, refused=False))

    def post(self, request: HttpRequest) -> HttpResponse:
        thoughts = ThoughtsForm(considered(self.round), request.POST, draft=self.round.words)
        if not self.save(thoughts):
            return self.page("check", check_page(self.round, thoughts, refused=False))
        if "save_thoughts" in request.POST or thoughts.has_new_identifier_warning:
            return redirect("decisions:practice-check", self.case.key)
        if open_questions(answered(self.round)):
            return self.page("check", check_page(self.round, thoughts, refused=True), status=422)
        return redirect("decisions:practice-record", self.case.key)


class ShowPracticeRecord(RoundView):
    """The record as it would read, and what the guide says about the case."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if open_questions(answered(self.round)):
            return redirect("decisions:practice-check", self.case.key)
        return self.page("record", {"round": self.round})
