"""django-allauth's forms with our labels and GOV.UK components."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.db import transaction
from django.http import HttpRequest

from sharingwell.accounts.actions import notify_password_changed, request_reset_link
from sharingwell.accounts.models import User
from sharingwell.govuk.forms import ChoiceItem, GovukForm, GovukFormMixin, RadiosField

WORDS_TO_USE = "Use three or more words that have nothing to do with each other, and no names."


class LabelsMixin(GovukFormMixin):
    """Replaces labels, and removes placeholders and help texts that repeat them."""

    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label = label
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(LabelsMixin, allauth_forms.LoginForm):
    labels = {"login": "Email address", "password": "Password"}


class ForgottenPasswordForm(LabelsMixin, allauth_forms.ResetPasswordForm):
    labels = {"email": "Email address"}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        request_reset_link(person=next(iter(self.users), None))
        email: str = self.cleaned_data["email"]
        return email


class NewPasswordForm(LabelsMixin, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": "New password, at least 12 characters", "password2": "The same password again"}
    hints = {"password1": WORDS_TO_USE}

    @transaction.atomic
    def save(self) -> None:
        is_change = self.user.has_usable_password()  # not the first password, of an invited person
        super().save()
        if is_change:
            notify_password_changed(person=self.user)
        get_adapter().clear_failed_sign_ins(context.request, self.user.email)


class ChangePasswordForm(LabelsMixin, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": "Your password now",
        "password1": "New password, at least 12 characters",
        "password2": "The same password again",
    }
    hints = {"password1": WORDS_TO_USE}

    @transaction.atomic
    def save(self) -> None:
        super().save()
        notify_password_changed(person=self.user)


class EmailFrequencyForm(GovukForm):
    label_size = "m"

    emails = RadiosField(
        label="When do you want to be told?",
        help_text="When somebody needs your advice urgently, we always write at once.",
        items=[ChoiceItem(*each) for each in User.EmailFrequency.choices],
        required=True,
        error_messages={"required": "Choose when you want to be told."},
    )


class AppointmentForm(GovukForm):
    YES, NO = "yes", "no"
    label_size = "m"

    answer = RadiosField(
        label="Should this person have this role?",
        help_text="If you are not sure, ask them. Do not use the address on this page.",
        items=[ChoiceItem(YES, "Yes, confirm it"), ChoiceItem(NO, "No, refuse it")],
        required=True,
        error_messages={"required": "Choose if this person should have this role."},
    )
