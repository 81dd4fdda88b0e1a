"""Views that ask for advice and show a question with its round as it stood and the steps taken since."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from decisions import actions, policies
from decisions.domain.advice_workflow import State, Step
from decisions.errors import NoAvailableAdviser, NoLongerHolder, NotAColleague, NotAllowed
from decisions.forms.advice import (
    AskForm,
    ReplyForm,
    StepForm,
)
from decisions.models import Advice, AdviceTarget, Round
from decisions.record.export import Chapter, chapters
from decisions.selectors import advice_for
from decisions.views.base import DecisionView
from guidance.choices import Part
from guidance.models import GuideVersion
from guidance.reading import questions, rendered
from sharingwell.accounts.models import Role, User
from sharingwell.requests import AuthenticatedRequest
from sharingwell.unsaved_input import posted_fields, render_unsaved_input

SHOWN_ABOVE = {"Reference", "Summary", "As it stood"}


class AdviceView(DecisionView):
    """Shows unsaved input when a step is refused: the holder of a question may change while a form is open."""

    can_restore_input = True

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().respond(request, *args, **kwargs)
        except NotAllowed as error:
            if request.method != "POST" or not posted_fields(request):
                raise
            return render_unsaved_input(
                request,
                title="Your words were not saved",
                explanation=f"{error} Your words are below: copy them if you need them.",
                next_url=reverse("advice:mine"),
                next_text="See what waits for you",
                status=HTTPStatus.FORBIDDEN,
            )

    def get_advice(self, key: int) -> Advice:
        """Return the question and log the access. Raises NoLongerHolder for a former holder, Http404 for others."""
        advice = advice_for(self.request.user, key)
        if advice is None:
            former = Advice.objects.filter(pk=key).ever_held_by(self.request.user).first()
            if former is not None:
                raise NoLongerHolder(is_withdrawn=former.state is State.WITHDRAWN)
            raise Http404("There is no such question.")
        self._accessed[advice.decision.reference] = (advice.decision, advice.round.number)
        return advice


class AskAdvice(AdviceView):
    """Asks about a round as it stands. `?part=` names the part from which it is asked."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round_to_ask_about(reference, number)
        return self.page(round, self.form(round))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.round_to_ask_about(reference, number)
        form = self.form(round, request.POST)
        if self.must_redisplay(form):
            return self.page(round, form)
        try:
            advice = actions.ask_advice(by=request.user, round=round, part=self.part, **form.facts())
        except (NotAColleague, NoAvailableAdviser) as error:
            form.add_adviser_error(str(error))
            return self.page(round, form)
        messages.success(
            request,
            f"You asked {advice.asked_of}. You need not wait: you can go on, and record, at any time.",
        )
        if round.is_recorded:
            return redirect(round)
        return redirect(round.part_url(self.part) if self.part else round.check_url())

    @property
    def part(self) -> str:
        asked_from = self.request.GET.get("part", "")
        return asked_from if asked_from in Part.values else ""

    def round_to_ask_about(self, reference: str, number: int) -> Round:
        round = self.round(reference, number)
        policies.check_can_ask(self.request.user, round)
        return round

    def form(self, round: Round, data: Any = None) -> AskForm:
        decision, responsible_person = round.decision, round.decision.responsible_person
        colleagues = User.objects.filter(is_active=True).exclude(
            pk__in=[responsible_person.pk, round.author_id]
        )
        return AskForm(
            data,
            managers=colleagues.filter(roles__contains=[Role.MANAGER], team=decision.team).order_by("name"),
            has_ig_team=policies.can_ask_ig_team(round),
            organisation=decision.organisation,
            targets=AdviceTarget.objects.current(decision.organisation),
        )

    def page(self, round: Round, form: AskForm) -> HttpResponse:
        context = {"round": round, "form": form, "part": Part(self.part) if self.part else None}
        return render(self.request, "decisions/advice/ask.html", context)


class ShowQuestion(AdviceView):
    """Shows a question: to the adviser with the reply form, to the person who asked with the next steps."""

    def get(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.get_advice(key)
        return show_question(
            request, advice, ReplyForm() if policies.can_reply(request.user, advice) else None
        )


def show_question(request: HttpRequest, advice: Advice, form: StepForm | None) -> HttpResponse:
    user = request.user
    assert user.is_authenticated
    version = guide_of(advice)
    part = advice.part or Part.DECIDE
    cites = [cite for each in questions(version) if each.part == part for cite in each.cites]
    targets = AdviceTarget.objects.current(advice.decision.organisation)
    answered_chapters, unanswered_counts = answered(advice)
    due_at = targets.due_at(advice.last_step_at(Step.ANSWERED) or advice.at, urgent=advice.urgent)
    return render(
        request,
        "decisions/advice/question.html",
        {
            "advice": advice,
            "steps": advice.steps.all(),
            "form": form,
            "chapters": answered_chapters,
            "unanswered_counts": unanswered_counts,
            "passages": rendered(version).passages(cites),
            "due_at": due_at,
            "is_overdue": advice.state.waits_for_adviser and due_at < timezone.now(),
            "is_asker": advice.decision.responsible_person == user,
            "can_take": policies.can_take(user, advice),
            "can_release": policies.can_release(user, advice),
            "can_hand_on": policies.can_hand_on(user, advice),
            "can_send_back": policies.can_send_back(user, advice),
            "can_answer": policies.can_answer(user, advice),
            "can_withdraw": policies.can_withdraw(user, advice),
            "can_settle": policies.can_settle(user, advice),
        },
    )


def guide_of(advice: Advice) -> GuideVersion:
    """The guide version of the round when advice was asked; a draft may use a newer one since."""
    now = advice.round.version
    date = advice.as_it_stood["guide"]["date"]
    return now if str(now.date) == date else GuideVersion.objects.filter(date=date).first() or now


def answered(advice: Advice) -> tuple[list[Chapter], list[tuple[str, int]]]:
    """Answered lines of the round as it stood, and the number of open questions by part.

    Puts the part from which advice was asked first.
    """
    found = [
        replace(chapter, lines=tuple(line for line in chapter.lines if line.name not in SHOWN_ABOVE))
        for chapter in chapters(advice.as_it_stood)
        if not chapter.is_folded
    ]
    found.sort(key=lambda chapter: chapter.title != advice.get_part_display())
    unanswered = (
        (part["title"], sum(not answer["answer"] for answer in part["answers"]))
        for part in advice.as_it_stood["parts"]
    )
    return [each for each in found if each.lines], [each for each in unanswered if each[1]]
