"""What people say about their own account, besides django-allauth's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from sharingwell.accounts.actions import choose_emails
from sharingwell.accounts.forms import EmailsForm
from sharingwell.requests import AuthenticatedRequest


class ChooseEmails(View):
    """How often one is written to."""

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        return self.page(request, EmailsForm(initial={"emails": request.user.emails}))

    def post(self, request: AuthenticatedRequest) -> HttpResponse:
        form = EmailsForm(request.POST)
        if not form.is_valid():
            return self.page(request, form)
        choose_emails(by=request.user, emails=form.cleaned_data["emails"])
        messages.success(request, "Saved. Your emails come as you have chosen.")
        return redirect("account_emails")

    def page(self, request: AuthenticatedRequest, form: EmailsForm) -> HttpResponse:
        return render(request, "account/emails.html", {"form": form})
