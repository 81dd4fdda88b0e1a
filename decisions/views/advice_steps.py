"""Views for the steps of an advice question. Each shows one form and returns to the question."""

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


class AdviceStepView(AdviceView):
    """Shows a form, records the step and redirects to the question."""

    title: ClassVar[str]
    button: ClassVar[str]
    explanation: ClassVar[str] = ""
    success_message: ClassVar[str]
    form_class: ClassVar[type[StepForm]]

    def get(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.get_advice(key)
        self.check(advice)
        return self.page(advice, self.form(advice))

    def post(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.get_advice(key)
        form = self.form(advice, request.POST)
        if self.must_redisplay(form):
            self.check(advice)
            return self.page(advice, form)
        try:
            self.perform(advice, form.facts())
        except NotAColleague as error:
            form.add_error("email", str(error))
            return self.page(advice, form)
        messages.success(request, self.success_message)
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
        """Raises the exceptions of the policy."""
        raise NotImplementedError

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        raise NotImplementedError


class TakeQuestion(AdviceView):
    def post(self, request: AuthenticatedRequest, key: int) -> HttpResponse:
        advice = self.get_advice(key)
        actions.take_advice(by=request.user, advice=advice)
        messages.success(request, "You have this question in hand now.")
        return redirect(advice)


class ReleaseQuestion(AdviceStepView):
    title, button = "Put this question into the IG team’s queue", "Put it into the queue"
    explanation = (
        "Any IG manager of your organisation can take it then. You see it no more, unless you are one."
    )
    success_message = "The question waits in the IG team’s queue."
    form_class = ReasonForm

    def next_url(self, advice: Advice) -> str:
        return reverse("advice:mine")

    def check(self, advice: Advice) -> None:
        policies.check_can_release(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.release_advice(by=self.request.user, advice=advice, **facts)


class HandOnQuestion(AdviceStepView):
    title, button = "Hand this question on", "Hand it on"
    explanation = (
        "They see the question and the round as it stood. You see it no more, unless you are an IG manager."
    )
    success_message = "The question is handed on."
    form_class = HandOnForm

    def form(self, advice: Advice, data: Any = None) -> StepForm:
        return HandOnForm(data, organisation=advice.decision.organisation)

    def next_url(self, advice: Advice) -> str:
        return reverse("advice:mine")

    def check(self, advice: Advice) -> None:
        policies.check_can_hand_on(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.hand_on_advice(by=self.request.user, advice=advice, **facts)


class SendBackQuestion(AdviceStepView):
    title, button = "Send it back with a question", "Send it back"
    explanation = "Whoever asked answers you here. They can decide meanwhile: they need not wait."
    success_message = "Sent back. It comes to you again with the answer."
    form_class = SendBackForm

    def check(self, advice: Advice) -> None:
        policies.check_can_send_back(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.send_back_advice(by=self.request.user, advice=advice, **facts)


class AnswerAdviser(AdviceStepView):
    title, button = "Answer your adviser", "Send the answer"
    explanation = "They still see the round as it stood when you asked."
    success_message = "Your answer is sent."
    form_class = AnswerForm

    def check(self, advice: Advice) -> None:
        policies.check_can_answer(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.answer_adviser(by=self.request.user, advice=advice, **facts)


class ReplyToQuestion(AdviceStepView):
    """Shows the reply form on the question's page, beside the round as it stood."""

    success_message = "Your advice is given. It is part of the record."
    form_class = ReplyForm

    def page(self, advice: Advice, form: StepForm) -> HttpResponse:
        return show_question(self.request, advice, form)

    def check(self, advice: Advice) -> None:
        policies.check_can_reply(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.reply_to_advice(by=self.request.user, advice=advice, **facts)


class WithdrawQuestion(AdviceStepView):
    title, button = "Withdraw this question", "Withdraw it"
    explanation = (
        "It needs no reply then, and whoever you asked sees it no more. That you asked stays in the record."
    )
    success_message = "The question is withdrawn."
    form_class = ReasonForm

    def check(self, advice: Advice) -> None:
        policies.check_can_withdraw(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.withdraw_advice(by=self.request.user, advice=advice, **facts)


class SettleAdvice(AdviceStepView):
    title, button = "Say whether you followed this advice", "Record it"
    success_message = "Recorded. It is part of the record, beside the advice."
    form_class = SettleForm

    def check(self, advice: Advice) -> None:
        policies.check_can_settle(self.request.user, advice)

    def perform(self, advice: Advice, facts: dict[str, Any]) -> None:
        actions.settle_advice(by=self.request.user, advice=advice, **facts)
