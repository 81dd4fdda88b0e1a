"""Asking for advice and giving it, over HTTP. One page has the question, the round as it stood and what came of it."""

from __future__ import annotations

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
from decisions.record.export import DIGEST, Chapter, chapters
from decisions.selectors import advice_for
from decisions.views.base import DecisionView
from guidance.choices import Part
from guidance.models import GuideVersion
from guidance.reading import questions, rendered
from sharingwell.accounts.models import Role, User
from sharingwell.requests import AuthenticatedRequest
from sharingwell.unsaved_input import posted_fields, render_unsaved_input

SAID_ABOVE = {"Reference", "Summary", "As it stood", DIGEST}


class AdviceView(DecisionView):
    """Whoever may not do something, for who has a question in hand may change while they write, keeps their words."""

    can_show_words_again = True

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().answer(request, *args, **kwargs)
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

    def question(self, key: int) -> Advice:
        """For this person, the look to be logged. Raises NoLongerHolder to whom it was asked of."""
        advice = advice_for(self.request.user, key)
        if advice is None:
            gone = Advice.objects.filter(pk=key).ever_held_by(self.request.user).first()
            if gone is not None:
                raise NoLongerHolder(is_withdrawn=gone.state is State.WITHDRAWN)
            raise Http404("There is no such question.")
        self._found[advice.decision.reference] = (advice.decision, advice.round.number)
        return advice


class AskAdvice(AdviceView):
    """About a round as it stands; `?part=` is where it is asked from."""

    def get(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.asked_about(reference, number)
        return self.page(round, self.form(round))

    def post(self, request: AuthenticatedRequest, reference: str, number: int) -> HttpResponse:
        round = self.asked_about(reference, number)
        form = self.form(round, request.POST)
        if self.goes_back(form):
            return self.page(round, form)
        try:
            advice = actions.ask_advice(by=request.user, round=round, part=self.part, **form.facts())
        except (NotAColleague, NoAvailableAdviser) as error:
            form.refuse(str(error))
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

    def asked_about(self, reference: str, number: int) -> Round:
        round = self.round(reference, number)
        policies.check_can_ask(self.request.user, round)
        return round

    def form(self, round: Round, data: Any = None) -> AskForm:
        decision, responsible_person = round.decision, round.decision.responsible_person
        here = User.objects.filter(is_active=True).exclude(pk__in=[responsible_person.pk, round.author_id])
        return AskForm(
            data,
            managers=here.filter(roles__contains=[Role.MANAGER], team=decision.team).order_by("name"),
            has_ig_team=policies.can_ask_ig_team(round),
            organisation=decision.organisation,
            targets=AdviceTarget.objects.current(decision.organisation),
        )

    def page(self, round: Round, form: AskForm) -> HttpResponse:
        context = {"round": round, "form": form, "part": Part(self.part) if self.part else None}
        return render(self.request, "decisions/advice/ask.html", context)


class ShowQuestion(AdviceView):
    """For the adviser with the form to reply, and for whoever asked with what they can do now."""

    def get(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.question(key)
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
    told, unanswered_counts = answered(advice)
    due_at = targets.due_at(advice.last_step_at(Step.ANSWERED) or advice.at, urgent=advice.urgent)
    return render(
        request,
        "decisions/advice/question.html",
        {
            "advice": advice,
            "steps": advice.steps.all(),
            "form": form,
            "chapters": told,
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
    """The one the round was written with when it was asked; a draft may have moved to a newer one since."""
    now = advice.round.version
    date = advice.as_it_stood["guide"]["date"]
    return now if str(now.date) == date else GuideVersion.objects.filter(date=date).first() or now


def answered(advice: Advice) -> tuple[list[Chapter], list[tuple[str, int]]]:
    """What was answered of the round as it stood, and how many questions of each part were left open.

    The part it was asked from comes first.
    """
    told, unanswered_counts = [], []
    for chapter in chapters(advice.as_it_stood):
        lines = tuple(line for line in chapter.lines if line.values and line.name not in SAID_ABOVE)
        told.append(Chapter(chapter.title, lines))
        open_here = sum(not line.values for line in chapter.lines)
        unanswered_counts.append((chapter.title, open_here))
    told.sort(key=lambda chapter: chapter.title != advice.get_part_display())
    return [each for each in told if each.lines], [each for each in unanswered_counts if each[1]]
