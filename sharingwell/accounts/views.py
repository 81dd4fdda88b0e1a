"""Account settings besides django-allauth's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from sharingwell.accounts.actions import answer_appointment, choose_email_frequency
from sharingwell.accounts.forms import AppointmentForm, EmailFrequencyForm
from sharingwell.accounts.models import Appointment
from sharingwell.requests import AuthenticatedRequest


class ChooseEmailFrequency(View):
    """Sets how often the person receives emails."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        return self.page(request, EmailFrequencyForm(initial={"emails": request.user.email_frequency}))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        form = EmailFrequencyForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        choose_email_frequency(by=request.user, email_frequency=form.cleaned_data["emails"])
        messages.success(request, "Saved. Your emails come as you have chosen.")
        return redirect("account_emails")

    def page(self, request: AuthenticatedRequest, form: EmailFrequencyForm) -> HttpResponse:
        return render(request, "account/emails.html", {"form": form})


class AnswerAppointment(View):
    """Confirms or refuses a role that opens other people's decisions."""

    def get(self, request: AuthenticatedRequest, appointment: int) -> HttpResponse:
        return self.page(request, self.find(request, appointment), AppointmentForm())

    def post(self, request: AuthenticatedRequest, appointment: int) -> HttpResponse:
        found = self.find(request, appointment)
        form = AppointmentForm(request.POST)
        if not form.is_valid():
            return self.page(request, found, form)
        confirmed = form.cleaned_data["answer"] == AppointmentForm.YES
        answer_appointment(by=request.user, appointment=found, confirmed=confirmed)
        role = found.get_role_display()
        messages.success(request, f"{found.person} {'has' if confirmed else 'does not get'} the role {role}.")
        return redirect("home")

    def find(self, request: AuthenticatedRequest, appointment: int) -> Appointment:
        answerable = Appointment.objects.answerable_by(request.user)
        return get_object_or_404(
            answerable.select_related("person__team__organisation", "proposed_by"), pk=appointment
        )

    def page(self, request: AuthenticatedRequest, found: Appointment, form: AppointmentForm) -> HttpResponse:
        return render(request, "account/appointment.html", {"form": form, "appointment": found})
