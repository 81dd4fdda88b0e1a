"""Forms to ask for advice and for each later step. Their texts become part of the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from decisions.domain.advice_workflow import Step
from decisions.forms.follow_up import FinalTextForm
from decisions.forms.sharing import NO_COLLEAGUE, find_colleague
from decisions.models import QUESTION_MAX_LENGTH, REASON_MAX_LENGTH, REPLY_MAX_LENGTH, Targets
from decisions.models.advice_target import MAX_DAYS, MAX_HOURS
from sharingwell.accounts.models import Organisation, User
from sharingwell.govuk.forms import ChoiceItem, GovukForm, LongTextField, RadiosField, TextField
from sharingwell.integers import whole_number

IG_TEAM, COLLEAGUE, MANAGER = "ig-team", "colleague", "person-"
NO_NAMES = "Say “the person”: never a name."
HAS_LEFT = "This person has left, so they cannot be asked. Choose somebody else."
NO_LONGER_AVAILABLE = (
    "Whoever you chose cannot be asked any more: they have left since. Choose somebody else."
)


def find_adviser(email: str, organisation: Organisation) -> tuple[User | None, str]:
    """The colleague with this email address, or an error message, which reveals nothing about other organisations."""
    person = find_colleague(email, organisation)
    if person is not None:
        return person, ""
    address = User.objects.normalize_email(email)
    gone = User.objects.filter(is_active=False, team__organisation=organisation, email=address).exists()
    return None, HAS_LEFT if gone else NO_COLLEAGUE


class AskForm(FinalTextForm):
    """The adviser, the question and its urgency."""

    text_field = "question"

    to = RadiosField(
        label="Who do you want to ask?",
        items=[],
        required=True,
        error_messages={"required": "Choose who you want to ask.", "invalid_choice": NO_LONGER_AVAILABLE},
    )
    email = TextField(label="Their work email address", required=False)
    question = LongTextField(
        label="What do you want to ask?",
        help_text=f"They see this round as it stands now, so you need not repeat it. {NO_NAMES}",
        max_length=QUESTION_MAX_LENGTH,
        required=True,
        noun="Your question",
        error_messages={"required": "Write what you want to ask."},
    )
    soon = RadiosField(
        label="How soon do you need a reply?",
        items=[],
        required=True,
        error_messages={"required": "Choose how soon you need a reply."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        managers: Iterable[User],
        has_ig_team: bool,
        organisation: Organisation,
        targets: Targets,
    ) -> None:
        super().__init__(data)
        self.organisation = organisation
        self.managers = {f"{MANAGER}{person.pk}": person for person in managers}
        self.adviser: User | None = None
        people = [
            ChoiceItem(value=key, label=person.name, hint=person.job_title or "Your manager")
            for key, person in self.managers.items()
        ]
        team = [ChoiceItem(value=IG_TEAM, label="The information governance team")] if has_ig_team else []
        colleague = ChoiceItem(value=COLLEAGUE, label="Another colleague", reveals="email")
        set_items(self, "to", [*people, *team, colleague])
        set_items(
            self,
            "soon",
            [
                ChoiceItem(
                    value="can-wait",
                    label="It can wait a little",
                    hint=f"They mean to reply within {_count(targets.days, 'working day')}.",
                ),
                ChoiceItem(
                    value="urgent",
                    label="It is urgent",
                    hint=f"They mean to reply within {_count(targets.urgent_hours, 'working hour')}. "
                    "If somebody is at immediate risk, act now: never wait for a reply.",
                ),
            ],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        to = cleaned.get("to", "")
        self.adviser = self.managers.get(to)
        if to == COLLEAGUE and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter your colleague’s work email address.")
        elif to == COLLEAGUE and "email" not in self.errors:
            self.adviser, problem = find_adviser(cleaned["email"], self.organisation)
            if problem:
                self.add_error("email", problem)
        return cleaned

    def add_adviser_error(self, why: str) -> None:
        """Add an error of the action about the chosen adviser."""
        self.add_error("email" if self.cleaned_data.get("to") == COLLEAGUE else "to", why)

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {
            "question": facts["question"],
            "identifier_reason": facts["identifier_reason"],
            "adviser": self.adviser,
            "urgent": facts["soon"] == "urgent",
        }


def set_items(form: GovukForm, name: str, items: list[ChoiceItem]) -> None:
    """Replace the items of a radios field."""
    field = form.fields[name]
    form.fields[name] = RadiosField(
        label=field.label, items=items, required=True, error_messages=field.error_messages
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


class StepForm(FinalTextForm):
    """The text of one step."""

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {"words": facts[self.text_field], "identifier_reason": facts["identifier_reason"]}


class ReplyForm(StepForm):
    text_field = "reply"

    reply = LongTextField(
        label="Your advice",
        help_text=f"What you would do, and why. It becomes part of the record. {NO_NAMES}",
        max_length=REPLY_MAX_LENGTH,
        required=True,
        noun="Your advice",
        error_messages={"required": "Write your advice."},
    )


class SendBackForm(StepForm):
    text_field = "question"

    question = LongTextField(
        label="What do you need to know first?",
        help_text=NO_NAMES,
        max_length=QUESTION_MAX_LENGTH,
        rows=4,
        required=True,
        noun="Your question",
        error_messages={"required": "Write what you need to know."},
    )


class AnswerForm(StepForm):
    text_field = "answer"

    answer = LongTextField(
        label="Your answer",
        help_text=NO_NAMES,
        max_length=REPLY_MAX_LENGTH,
        rows=4,
        required=True,
        noun="Your answer",
        error_messages={"required": "Write your answer."},
    )


class ReasonForm(StepForm):
    """The reason for withdrawing or releasing a question."""

    text_field = "reason"

    reason = LongTextField(
        label="Why? You can leave this empty",
        help_text=NO_NAMES,
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=False,
        noun="The reason",
    )


class HandOnForm(ReasonForm):
    email = TextField(
        label="Work email address of the person who takes it over",
        help_text="They must have an account here, in your organisation.",
        required=True,
        error_messages={"required": "Enter the work email address of the person who takes it over."},
    )

    field_order = ["email", "reason"]

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data)
        self.organisation = organisation
        self.person: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self.person, problem = find_adviser(email, self.organisation)
        if problem:
            self.add_error("email", problem)
        return email

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "to": self.person}


class SettleForm(StepForm):
    text_field = "reason"

    followed = RadiosField(
        label="Did you follow this advice?",
        items=[
            ChoiceItem(value=Step.FOLLOWED.value, label="Yes"),
            ChoiceItem(value=Step.NOT_FOLLOWED.value, label="No, or only in part"),
        ],
        required=True,
        error_messages={"required": "Choose whether you followed this advice."},
    )
    reason = LongTextField(
        label="In a few words",
        help_text=f"Where you did not follow it, say why. The decision is yours. {NO_NAMES}",
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=False,
        noun="What you write",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        says_why = cleaned.get("reason") or "reason" in self.errors
        if cleaned.get("followed") == Step.NOT_FOLLOWED and not says_why:
            self.add_error("reason", "Say in a few words why you did not follow it.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "followed": self.cleaned_data["followed"] == Step.FOLLOWED}


class AdviceTargetForm(GovukForm):
    """The organisation's target times for a reply."""

    label_size = "s"

    urgent_hours = TextField(
        label="Working hours, for what is urgent",
        help_text="From nine to five, Monday to Friday, but for bank holidays in England.",
        max_length=20,
        required=True,
        classes="govuk-input--width-3",
        attrs={"inputmode": "numeric"},
        error_messages={"required": "Enter the number of working hours."},
    )
    days = TextField(
        label="Working days, for everything else",
        max_length=20,
        required=True,
        classes="govuk-input--width-3",
        attrs={"inputmode": "numeric"},
        error_messages={"required": "Enter the number of working days."},
    )

    def clean_urgent_hours(self) -> int:
        return self._whole_number("working hours", self.cleaned_data["urgent_hours"], MAX_HOURS)

    def clean_days(self) -> int:
        return self._whole_number("working days", self.cleaned_data["days"], MAX_DAYS)

    def _whole_number(self, what: str, typed: str, most: int) -> int:
        if number := whole_number(typed, least=1, most=most):
            return number
        raise ValidationError(f"For {what}, enter a whole number from 1 to {most}.")
