"""Account settings besides django-allauth's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from sharingwell.accounts.actions import choose_email_frequency
from sharingwell.accounts.forms import EmailFrequencyForm
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
