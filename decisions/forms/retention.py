"""Forms on retention, legal holds, disposal and disclosure, for IG managers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from decisions.domain.retention_rules import MAX_YEARS, Rules
from decisions.forms.follow_up import FinalTextForm
from decisions.models import CASE_REFERENCE_MAX_LENGTH, REASON_MAX_LENGTH
from guidance.reading import Option
from sharingwell.govuk.forms import ChoiceItem, GovukForm, LongTextField, RadiosField, TextField
from sharingwell.integers import whole_number

OUTCOME = "outcome."
YEARS = "years"
CONFIRM, DECLINE = "confirm", "decline"
WITHHOLD, DISCLOSE = "withhold", "disclose"


def reason_field(label: str, missing: str, hint: str = "") -> LongTextField:
    return LongTextField(
        label=label,
        help_text=hint or "Say “the person”: never a name.",
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=True,
        noun="The reason",
        error_messages={"required": missing},
    )


class RulesForm(GovukForm):
    """The retention period in years: the default, and by outcome."""

    label_size = "s"

    def __init__(self, data: Any = None, *, rules: Rules, options: Iterable[Option]) -> None:
        super().__init__(data)
        self.rules = rules
        self.fields[YEARS] = self._years("Years, for all decisions", required=True)
        self.initial[YEARS] = rules.years
        self.outcomes = {option.key: option.text for option in options}
        for key in rules.by_outcome:  # options that the current guide no longer has
            self.outcomes.setdefault(key, key)
        for key, text in self.outcomes.items():
            self.fields[f"{OUTCOME}{key}"] = self._years(text, required=False)
            self.initial[f"{OUTCOME}{key}"] = rules.by_outcome.get(key, "")

    def _years(self, label: str, *, required: bool) -> TextField:
        return TextField(
            label=label,
            required=required,
            max_length=20,
            classes="govuk-input--width-3",
            attrs={"inputmode": "numeric"},
            error_messages={"required": "Enter for how many years decisions are kept."},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, typed in list(cleaned.items()):
            if not typed:
                cleaned[name] = None
            elif years := whole_number(typed, least=1, most=MAX_YEARS):
                cleaned[name] = years
            else:
                self.add_error(
                    name, f"{self.fields[name].label}: enter a whole number from 1 to {MAX_YEARS}."
                )
        return cleaned

    def changes(self) -> dict[str, int | None]:
        """Changed periods by outcome; the empty key is the default period."""
        before = {"": self.rules.years, **{key: self.rules.by_outcome.get(key) for key in self.outcomes}}
        after = {
            "": self.cleaned_data[YEARS],
            **{key: self.cleaned_data[f"{OUTCOME}{key}"] for key in self.outcomes},
        }
        return {outcome: years for outcome, years in after.items() if years != before[outcome]}


class HoldForm(FinalTextForm):
    text_field = "reason"
    reason = reason_field(
        "Why must it be kept?",
        "Say why it must be kept.",
        "For example, a court or a coroner has asked for it, or a complaint is open. "
        "Say “the person”: never a name.",
    )


class LiftHoldForm(FinalTextForm):
    text_field = "reason"
    reason = reason_field("Why need it not be held any longer?", "Say why it need not be held any longer.")


class AnswerDisposalForm(FinalTextForm):
    """Confirms a disposal or declines it with a reason. `can_confirm` is False for its proposer."""

    text_field = "reason"
    reason = reason_field("Why is it to be kept?", "Say why it is to be kept.")

    def __init__(self, data: Any = None, *, can_confirm: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = False
        confirm = [ChoiceItem(value=CONFIRM, label="Dispose of it. This cannot be undone.")]
        self.fields = {
            "answer": RadiosField(
                label="Is it to go?",
                items=[
                    *(confirm if can_confirm else []),
                    ChoiceItem(value=DECLINE, label="Keep it", reveals="reason"),
                ],
                required=True,
                error_messages={"required": "Choose whether it is to go."},
            ),
            **self.fields,
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") == DECLINE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why it is to be kept.")
        return cleaned

    @property
    def confirms(self) -> bool:
        return bool(self.cleaned_data["answer"] == CONFIRM)

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {name: facts[name] for name in ["reason", "identifier_reason"]}


class DisclosureForm(FinalTextForm):
    """Withholds one passage from the data subject, or discloses it."""

    text_field = "reason"

    answer = RadiosField(
        label="If the person asks for what is recorded about them",
        items=[
            ChoiceItem(
                value=WITHHOLD,
                label="Leave this out",
                hint="It is listed as withheld, with your reason.",
            ),
            ChoiceItem(value=DISCLOSE, label="Give them this"),
        ],
        required=True,
        error_messages={"required": "Choose whether to leave this out or give it to them."},
    )
    reason = reason_field(
        "Why?",
        "Say why.",
        "The person is given this reason. For example, it says something about somebody else. Never a name.",
    )

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {
            "withheld": self.cleaned_data["answer"] == WITHHOLD,
            "reason": facts["reason"],
            "identifier_reason": facts["identifier_reason"],
        }


class CaseReferenceForm(GovukForm):
    """The case reference to search for."""

    label_size = "s"

    case_reference = TextField(
        label="Case reference",
        help_text="The number of the person’s case in your own system, as it was entered here.",
        max_length=CASE_REFERENCE_MAX_LENGTH,
        required=True,
        error_messages={"required": "Enter the case reference."},
    )
