"""Forms to share a decision or hand it over. A colleague is named by email address, so no list of people is shown."""

from __future__ import annotations

from typing import Any

from decisions.forms.follow_up import FinalTextForm
from decisions.models import REASON_MAX_LENGTH
from sharingwell.accounts.models import Organisation, User
from sharingwell.govuk.forms import GovukForm, LongTextField, TextField

NO_COLLEAGUE = (
    "Nobody in your organisation has this email address. Check it, or ask them which one they sign in with."
)


def find_colleague(email: str, organisation: Organisation) -> User | None:
    people = User.objects.filter(is_active=True, team__organisation=organisation)
    return people.filter(email=User.objects.normalize_email(email)).first()


class ColleagueForm(GovukForm):
    """Sets `person` from the `email` field of a subclass."""

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data)
        self.organisation = organisation
        self.person: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.person = find_colleague(email, self.organisation)
        if self.person is None:
            self.add_error("email", NO_COLLEAGUE)
        return email


class ShareForm(ColleagueForm):
    label_size = "m"

    email = TextField(
        label="Your colleague’s work email address",
        help_text="They must have an account here, in your organisation.",
        required=True,
        error_messages={"required": "Enter your colleague’s work email address."},
    )


class HandOverForm(ColleagueForm, FinalTextForm):
    text_field = "reason"

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
