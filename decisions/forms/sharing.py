"""Whom to share a decision with, and to whom to hand it over: by their address at work, so that nobody is listed."""

from __future__ import annotations

from typing import Any

from decisions.forms.follow_up import FinalWordsForm
from decisions.models import REASON_MAX_LENGTH
from sharingwell.accounts.models import Organisation, User
from sharingwell.govuk.forms import GovukForm, LongTextField, TextField

NOBODY = (
    "Nobody in your organisation has this email address. Check it, or ask them which one they sign in with."
)


def colleague_with(email: str, organisation: Organisation) -> User | None:
    people = User.objects.filter(is_active=True, team__organisation=organisation)
    return people.filter(email=User.objects.normalize_email(email)).first()


class ColleagueForm(GovukForm):
    """With an `email` field, for the `person` of that address."""

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data)
        self.organisation = organisation
        self.person: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.person = colleague_with(email, self.organisation)
        if self.person is None:
            self.add_error("email", NOBODY)
        return email


class ShareForm(ColleagueForm):
    label_size = "m"

    email = TextField(
        label="Your colleague’s work email address",
        help_text="They must have an account here, in your organisation.",
        required=True,
        error_messages={"required": "Enter your colleague’s work email address."},
    )


class HandOverForm(ColleagueForm, FinalWordsForm):
    words = "reason"

    email = TextField(
        label="Work email address of the person who takes it over",
        help_text="They must have an account here, in your organisation, and record decisions.",
        required=True,
        error_messages={"required": "Enter the work email address of the person who takes it over."},
    )
    reason = LongTextField(
        label="Why is it handed over?",
        help_text="For example, a colleague has left or is away for long. Say “the person”: never a name.",
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=True,
        noun="The reason",
        error_messages={"required": "Say why it is handed over."},
    )

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        del facts["email"]
        return {**facts, "to": self.person}
