"""Practice views: list of cases, one case part by part, the resulting record. Needs no sign-in and stores no rows."""

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
from decisions.record.considerations import by_weight, considered
from decisions.views.round_context import answered, check_context, part_context, part_form, url_after_part
from guidance.choices import Part
from guidance.models import GuideVersion
from guidance.reading import current_version
from sharingwell.serving.address_limit import is_within_limit
from sharingwell.unsaved_input import render_unsaved_input


class CaseNotStarted(Exception):
    """The session has no notes on this case: it was not begun, or the session has expired."""


def current_guide() -> GuideVersion:
    """The current guide version. Raises NoPublishedGuide."""
    version = current_version()
    if version is None:
        raise NoPublishedGuide
    return version


class PracticeView(View):
    """Takes so many posts from one address; what is sent beyond is shown again."""

    limit = "practice"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_within_limit(request, self.limit):
            return super().dispatch(request, *args, **kwargs)
        return render_unsaved_input(
            request,
            title="Too many people are practising",
            explanation="Many people at your place practised in the last minute, so this was not saved. "
            "What you sent is kept here. Wait a minute, then send it again.",
            can_send_again=True,
            status=429,
        )


@method_decorator(login_not_required, name="dispatch")
class ShowCases(PracticeView):
    """Lists the cases. POST clears all practice notes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cases = cases_of(current_guide()).values()
        begun = {case.key for case in cases if session_store.get_notes(request.session, case.key)}
        return render(request, "decisions/practice/cases.html", {"cases": cases, "begun": begun})

    def post(self, request: HttpRequest) -> HttpResponse:
        session_store.clear_all(request.session, with_session=not request.user.is_authenticated)
        messages.success(request, "What you wrote in practice is gone.")
        return redirect("decisions:practice")


@method_decorator(login_not_required, name="dispatch")
class CaseView(PracticeView):
    """Finds the case in the current guide."""

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
        """Render a practice template. The practice banner needs `case` in the context."""
        return render(
            self.request, f"decisions/practice/{template}.html", {**context, "case": self.case}, status=status
        )

    def notes(self) -> session_store.Notes | None:
        return session_store.get_notes(self.request.session, self.case.key)


class BeginCase(CaseView):
    """Shows the story and asks for the direction, which can be changed later without losing answers."""

    limit = "practice_begun"

    def get(self, request: HttpRequest) -> HttpResponse:
        notes = self.notes()
        direction = notes["direction"] if notes else self.case.direction
        return self.page("begin", {"form": BeginForm(initial={"direction": direction})})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BeginForm(request.POST)
        if not form.is_valid():
            return self.page("begin", {"form": form})
        if not request.user.is_authenticated:
            request.session.set_expiry(0)  # until the browser closes, as for signed-in users
            type(request.session).clear_expired()  # expired sessions of other visitors
        session_store.begin(request.session, self.case.key, form.cleaned_data["direction"])
        return redirect("decisions:practice-case", self.case.key)


@method_decorator(login_not_required, name="dispatch")
class RoundView(CaseView):
    """A page of a case that has been begun. Shows input sent after the session expired as unsaved input."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except CaseNotStarted:
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
        """The round at the start of the request. Raises CaseNotStarted."""
        notes = self.notes()
        if notes is None:
            raise CaseNotStarted
        return PracticeRound.of(self.case, self.version, notes)

    def save(self, form: DraftForm) -> bool:
        """Save the valid fields, as a draft does. Returns False if others are invalid."""
        is_valid = form.is_valid()
        session_store.update_words(self.request.session, self.case.key, form.words())
        if form.has_new_identifier_warning:
            messages.warning(self.request, "Please look at what is pointed out below before you go on.")
        return is_valid


class ShowCase(RoundView):
    """Shows the parts and their progress. POST restarts the case."""

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
        session_store.clear_case(request.session, self.case.key)
        return redirect("decisions:practice-begin", self.case.key)


class AnswerPracticePart(RoundView):
    """Shows a part's page as for a real round, with the information that the case adds on it."""

    def get(self, request: HttpRequest, part: str) -> HttpResponse:
        return self.render_part(self._parse_part(part), part_form(self.round, part))

    def post(self, request: HttpRequest, part: str) -> HttpResponse:
        before = self.round
        form = part_form(before, self._parse_part(part), request.POST)
        is_valid = self.save(form)
        del self.round  # read again, with what was saved
        if not is_valid:
            return self.render_part(Part(part), form)
        return redirect(url_after_part(before, self.round, Part(part), form))

    def render_part(self, part: Part, form: PartForm) -> HttpResponse:
        came = {name: self.request.GET.get(name, "") for name in ("after", "then")}
        learned = self.case.learned.get(part, "")
        return self.page("part", {**part_context(self.round, part, form, **came), "learned": learned})

    def _parse_part(self, part: str) -> Part:
        if part not in Part.values:
            raise Http404("There is no such part.")
        return Part(part)


class CheckPractice(RoundView):
    """Shows all answers. Refuses to show a record while required questions are open, as recording does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page("check", check_context(self.round, None, refused=False))

    def post(self, request: HttpRequest) -> HttpResponse:
        thoughts = ThoughtsForm(by_weight(considered(self.round)), request.POST, draft=self.round.words)
        if not self.save(thoughts):
            return self.page("check", check_context(self.round, thoughts, refused=False))
        if "save_thoughts" in request.POST or thoughts.has_new_identifier_warning:
            return redirect("decisions:practice-check", self.case.key)
        if open_questions(answered(self.round)):
            return self.page("check", check_context(self.round, thoughts, refused=True), status=422)
        return redirect("decisions:practice-record", self.case.key)


class ShowPracticeRecord(RoundView):
    """Shows the resulting record and the guide's passages on the case."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if open_questions(answered(self.round)):
            return redirect("decisions:practice-check", self.case.key)
        return self.page("record", {"round": self.round})
