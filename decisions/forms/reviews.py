"""Forms for a review and for the monthly sample, for IG managers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from decisions.forms.follow_up import FinalTextForm
from decisions.models import (
    COMMENT_MAX_LENGTH,
    LawfulBasis,
    OffenceCondition,
    Review,
    SampleRule,
    SpecialCategoryCondition,
)
from guidance.models import Option
from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    GovukForm,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from sharingwell.integers import whole_number

NOT_CONFIRMED = "Not confirmed"
HINTS = {
    Review.Finding.REASONS: "The author is asked to go round again, or to say more.",
    Review.Finding.FOLLOW_UP: "The author is asked to say what happened next, or to talk to you.",
    Review.Finding.CONCERN: "For you and your colleagues to act on.",
    Review.Finding.LEARNING: "Others could learn from it.",
}
URGENT, REFUSALS = "urgent", "refusals"


class ReviewForm(FinalTextForm):
    """The finding, and the lawful basis and conditions confirmed. Asks for conditions by category of data."""

    text_field = "comment"

    finding = RadiosField(
        label="What do you find?",
        items=[
            ChoiceItem(value=each.value, label=each.label, hint=HINTS.get(each, ""))
            for each in Review.Finding
        ],
        required=True,
        error_messages={"required": "Choose what you find."},
    )
    comment = LongTextField(
        label="In a few words",
        help_text="The author reads this, and it is part of the record. Say “the person”: never a name.",
        max_length=COMMENT_MAX_LENGTH,
        required=False,
        noun="Your comment",
    )

    def __init__(self, data: Any = None, *, categories: Collection[str], answered: str = "") -> None:
        """`categories` come from the round's record; `answered` is the lawful basis that its writer chose."""
        super().__init__(data)
        self.fields["lawful_basis"] = SelectField(
            label="Lawful basis you confirm (optional)",
            label_size="s",
            help_text=f"The author’s answer: {answered}." if answered else "The author gave none.",
            items=[ChoiceItem(value=each.value, label=each.label) for each in LawfulBasis],
            empty_label=NOT_CONFIRMED,
            required=False,
        )
        if Option.Category.SPECIAL_CATEGORY.label in categories:
            self.fields["special_category_condition"] = SelectField(
                label="Condition for special category data (optional)",
                label_size="s",
                help_text="UK GDPR article 9 and the Data Protection Act 2018, Schedule 1.",
                items=[ChoiceItem(value=each.value, label=each.label) for each in SpecialCategoryCondition],
                empty_label=NOT_CONFIRMED,
                required=False,
            )
        if Option.Category.CRIMINAL_OFFENCE.label in categories:
            self.fields["offence_condition"] = SelectField(
                label="Condition for criminal offence data (optional)",
                label_size="s",
                help_text="UK GDPR article 10 and the Data Protection Act 2018, Schedule 1.",
                items=[ChoiceItem(value=each.value, label=each.label) for each in OffenceCondition],
                empty_label=NOT_CONFIRMED,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        finding = cleaned.get("finding")
        needs_words = finding and finding != Review.Finding.WELL_REASONED
        if needs_words and not cleaned.get("comment") and "comment" not in self.errors:
            self.add_error("comment", "Say in a few words what you find.")
        return cleaned


class SampleForm(GovukForm):
    """The sampling rule for monthly reviews."""

    label_size = "m"

    always = CheckboxesField(
        label="Review every one of these",
        items=[
            ChoiceItem(value=URGENT, label="Urgent: someone could come to serious harm now"),
            ChoiceItem(value=REFUSALS, label="Refusals: nothing was shared, or nothing was done"),
        ],
        required=False,
    )
    share = TextField(
        label="Of all others, how many in a hundred?",
        help_text="A whole number from 0 to 100. Which ones is drawn by the product, and cannot be chosen.",
        max_length=3,
        classes="govuk-input--width-3",
        attrs={"inputmode": "numeric"},
        required=True,
        noun="How many in a hundred",
        error_messages={"required": "Enter how many in a hundred are reviewed."},
    )

    def __init__(self, data: Any = None, *, rule: SampleRule) -> None:
        super().__init__(data)
        always = [*([URGENT] if rule.urgent else []), *([REFUSALS] if rule.refusals else [])]
        self.initial.update({"always": always, "share": str(rule.share)})

    def clean_share(self) -> int | None:
        typed: str = self.cleaned_data["share"]
        if (share := whole_number(typed, most=100)) is not None:
            return share
        self.add_error("share", "Enter a whole number from 0 to 100.")
        return None

    def facts(self) -> dict[str, Any]:
        always = self.cleaned_data["always"]
        return {
            "share": self.cleaned_data["share"],
            "urgent": URGENT in always,
            "refusals": REFUSALS in always,
        }
