"""What becomes of a question to an adviser, over HTTP: each a form of its own that leads back to the question."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from decisions import actions, policies
from decisions.errors import NotAColleague
from decisions.forms.advice import (
    AnswerForm,
    HandOnForm,
    ReasonForm,
    ReplyForm,
    SendBackForm,
    SettleForm,
    StepForm,
)
from decisions.models import Advice
from decisions.views.advice import AdviceView, show_question
from sharingwell.requests import AuthenticatedRequest


class TakeStep(AdviceView):
    """Asks, states what was answered, and shows the question."""

    title: ClassVar[str]
    button: ClassVar[str]
    explanation: ClassVar[str] = ""
    said: ClassVar[str]
    form_class: ClassVar[type[StepForm]]

    def get(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.question(key)
        self.check(advice)
        return self.page(advice, self.form(advice))

    def post(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.question(key)
        form = self.form(advice, request.POST)
        if self.goes_back(form):
            self.check(advice)
            return self.page(advice, form)
        try:
            self.state(advice, form.facts())
        except NotAColleague as error:
            form.add_error("email", str(error))
            return self.page(advice, form)
        messages.success(request, self.said)
        return redirect(self.next_url(advice))

    def form(self, advice: Advice, data: Any = None) -> StepForm:
        return self.form_class(data)

    def page(self, advice: Advice, form: StepForm) -> HttpResponse:
        context = {
            "advice": advice,
            "steps": advice.steps.all(),
            "form": form,
            "title": self.title,
            "button": self.button,
            "explanation": self.explanation,
        }
        return render(self.request, "decisions/advice/step.html", context)

    def next_url(self, advice: Advice) -> str:
        return advice.get_absolute_url()

    def check(self, advice: Advice) -> None:
        """Raises what the policy raises."""
        raise NotImplementedError

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        raise NotImplementedError


class Take(AdviceView):
    def post(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.question(key)
        actions.take_advice(by=request.user, advice=advice)
        messages.success(request, "You have this question in hand now.")
        return redirect(advice)


class Release(TakeStep):
    title, button = "Put this question into the IG team’s queue", "Put it into the queue"
    explanation = (
        "Any IG manager of your organisation can take it then. You see it no more, unless you are one."
    )
    said = "The question waits in the IG team’s queue."
    form_class = ReasonForm

    def next_url(self, advice: Advice) -> str:
        return reverse("advice:mine")

    def check(self, advice: Advice) -> None:
        policies.check_can_release(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.release_advice(by=self.request.user, advice=advice, **facts)


class HandOn(TakeStep):
    title, button = "Hand this question on", "Hand it on"
    explanation = (
        "They see the question and the round as it stood. You see it no more, unless you are an IG manager."
    )
    said = "The question is handed on."
    form_class = HandOnForm

    def form(self, advice: Advice, data: Any = None) -> StepForm:
        return HandOnForm(data, organisation=advice.decision.organisation)

    def next_url(self, advice: Advice) -> str:
        return reverse("advice:mine")

    def check(self, advice: Advice) -> None:
        policies.check_can_hand_on(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.hand_on_advice(by=self.request.user, advice=advice, **facts)


class SendBack(TakeStep):
    title, button = "Send it back with a question", "Send it back"
    explanation = "Whoever asked answers you here. They can decide meanwhile: they need not wait."
    said = "Sent back. It comes to you again with the answer."
    form_class = SendBackForm

    def check(self, advice: Advice) -> None:
        policies.check_can_send_back(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.send_back_advice(by=self.request.user, advice=advice, **facts)


class Answer(TakeStep):
    title, button = "Answer your adviser", "Send the answer"
    explanation = "They still see the round as it stood when you asked."
    said = "Your answer is sent."
    form_class = AnswerForm

    def check(self, advice: Advice) -> None:
        policies.check_can_answer(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.answer_adviser(by=self.request.user, advice=advice, **facts)


class Reply(TakeStep):
    """On the page of the question, so that the round as it stood is there while the reply is written."""

    said = "Your advice is given. It is part of the record."
    form_class = ReplyForm

    def page(self, advice: Advice, form: StepForm) -> HttpResponse:
        return show_question(self.request, advice, form)

    def check(self, advice: Advice) -> None:
        policies.check_can_reply(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.reply_to_advice(by=self.request.user, advice=advice, **facts)


class Withdraw(TakeStep):
    title, button = "Withdraw this question", "Withdraw it"
    explanation = (
        "It needs no reply then, and whoever you asked sees it no more. That you asked stays in the record."
    )
    said = "The question is withdrawn."
    form_class = ReasonForm

    def check(self, advice: Advice) -> None:
        policies.check_can_withdraw(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.withdraw_advice(by=self.request.user, advice=advice, **facts)


class Settle(TakeStep):
    title, button = "Say whether you followed this advice", "Record it"
    said = "Recorded. It is part of the record, beside the advice."
    form_class = SettleForm

    def check(self, advice: Advice) -> None:
        policies.check_can_settle(self.request.user, advice)

    def state(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.settle_advice(by=self.request.user, advice=advice, **facts)
