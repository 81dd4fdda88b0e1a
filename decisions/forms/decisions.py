"""Forms that describe a decision, filter lists and compare rounds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from django import forms
from django.utils import timezone

from decisions.domain.answers import Answer, Answers
from decisions.domain.draft_merge import Words
from decisions.domain.question_keys import REASONING, SENT_HOW, WHO
from decisions.forms.draft import DraftForm
from decisions.forms.identifier_fields import SHORT_TEXT, identifier_field_name, reason_field_name
from decisions.forms.part import ANOTHER_DATE
from decisions.models import (
    CASE_REFERENCE_MAX_LENGTH,
    SUMMARY_MAX_LENGTH,
    DecisionQuerySet,
    Round,
)
from guidance.choices import Direction
from sharingwell.govuk.forms import (
    ChoiceItem,
    DateField,
    GovukForm,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


class Description(TypedDict):
    direction: str
    summary: str
    case_reference: str


class DescriptionForm(DraftForm):
    """Direction, summary and case reference. Warns about names too, because lists show these texts."""

    direction = RadiosField(
        label="What has happened?",
        items=[ChoiceItem(value=direction.value, label=direction.label) for direction in Direction],
        required=True,
        error_messages={"required": "Choose what has happened."},
    )
    summary = TextField(
        label="Short summary",
        help_text="So that you recognise it in a list, for example “Eviction, hostel asks about health needs”. "
        "Never a name, an address or a date of birth.",
        max_length=SUMMARY_MAX_LENGTH,
        required=True,
        error_messages={"required": "Enter a short summary."},
    )
    case_reference = TextField(
        label="Case reference, if you have one",
        help_text="The number of the case in your own system. Never a name or an NHS number.",
        max_length=CASE_REFERENCE_MAX_LENGTH,
        required=False,
    )

    label_size = "m"

    TEXTS = ("summary", "case_reference")

    def __init__(self, data: Any = None, *, draft: Words | None = None) -> None:
        super().__init__(data, draft=draft)
        self.initial.update({name: self.draft[name] for name in self.names() if name in self.draft})
        for name in self.TEXTS:
            self.warn_about_identifiers(name, str(self.draft.get(reason_field_name(name), "")), names=True)
        self.order_fields(
            ["direction", "summary", identifier_field_name("summary"), reason_field_name("summary")]
        )

    def names(self) -> tuple[str, ...]:
        return ("direction", *self.TEXTS)

    def word(self, name: str) -> Answer:
        text = str(self.cleaned_data.get(name, ""))
        return self.cleaned_text(name, text, names=True) if name in self.TEXTS else text

    def display_values(self, name: str, word: Answer | None) -> tuple[str, ...]:
        labels = dict(Direction.choices)
        return super().display_values(name, labels.get(str(word), word) if name == "direction" else word)

    def bound_fields(self) -> list[forms.BoundField]:
        """Each field, followed by its identifier question, if any."""
        fields = [(self[name], self.identifier_question(name)) for name in self.names()]
        return [field for pair in fields for field in pair if field]

    def description(self) -> Description:
        """The description, without the identifiers that the writer chose to remove."""
        direction, summary, case_reference = (str(self.word(name)) for name in self.names())
        return Description(direction=direction, summary=summary, case_reference=case_reference)


class UrgentForm(GovukForm):
    """The minimum to record in an emergency."""

    direction = RadiosField(
        label="What are you doing?",
        items=[
            ChoiceItem(value=Direction.SHARE, label="Sharing information"),
            ChoiceItem(value=Direction.ASKED, label="Giving information we were asked for"),
            ChoiceItem(value=Direction.TOLD, label="Acting on something we were told"),
            ChoiceItem(value=Direction.ASK, label="Asking for information"),
        ],
        initial=Direction.SHARE,
        required=True,
        error_messages={"required": "Choose what you are doing."},
    )
    what = LongTextField(
        label="What are you doing, and why?",
        help_text="This is enough for now: you can add the rest tomorrow. Say “the person”: never a name.",
        max_length=2000,
        rows=4,
        required=True,
        error_messages={"required": "Enter what you are doing, and why."},
    )
    with_whom = TextField(
        label="Who with, and how? (optional)",
        help_text="For example “the night team at the hospital, by phone”.",
        max_length=SHORT_TEXT,
        required=False,
    )
    why = LongTextField(label="Why can it not wait? (optional)", max_length=4000, rows=2, required=False)
    when = RadiosField(
        label="When?",
        items=[
            ChoiceItem(value="today", label="Today"),
            ChoiceItem(value="yesterday", label="Yesterday"),
            ChoiceItem(value=ANOTHER_DATE, label="On another date", reveals="when.another"),
        ],
        initial="today",
        required=True,
    )
    case_reference = TextField(
        label="Case reference (optional)", max_length=CASE_REFERENCE_MAX_LENGTH, required=False
    )

    label_size = "s"

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["when.another"] = DateField(label="Date", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        another = cleaned.pop("when.another", None)
        today = timezone.localdate()
        if cleaned.get("when") == ANOTHER_DATE:
            if another is None and "when.another" not in self.errors:
                self.add_error("when.another", "Enter the date, or choose today.")
            cleaned["when"] = another
        else:
            cleaned["when"] = today - datetime.timedelta(days=cleaned.get("when") == "yesterday")
        return cleaned


class UrgentDraftForm(UrgentForm):
    """The minimum to record of a draft in an emergency. Begins with what the draft has."""

    def __init__(self, data: Any = None, *, answers: Answers) -> None:
        def first(*keys: str) -> str:
            return next((str(answers[key]) for key in keys if answers.get(key)), "")

        super().__init__(
            data,
            initial={
                "what": first("what.request", "what.context"),
                "with_whom": first(SENT_HOW, WHO),
                "why": first(REASONING, "why.if_not_shared", "why.purpose"),
            },
        )
        del self.fields["direction"], self.fields["case_reference"]  # the decision's


class FindForm(GovukForm):
    """Filters a list of decisions by query parameters."""

    q = TextField(label="Words or a reference", max_length=SUMMARY_MAX_LENGTH, required=False)
    show = SelectField(
        label="Show",
        items=[
            ChoiceItem(value="", label="Everything, open first"),
            ChoiceItem(value="open", label="Open: anything that waits"),
            ChoiceItem(value="drafts", label="Drafts"),
            ChoiceItem(value="due", label="Due: to complete or look at again today, or overdue"),
            ChoiceItem(value="overdue", label="Overdue"),
            ChoiceItem(value="closed", label="Closed"),
        ],
        required=False,
    )

    label_size = "s"

    def find(self, decisions: DecisionQuerySet, *, reader: User) -> DecisionQuerySet:
        """Filter decisions annotated with their state; an invalid form filters nothing."""
        if not self.is_valid():
            return decisions
        if self.cleaned_data["q"]:
            decisions = decisions.search(self.cleaned_data["q"], reader=reader)
        return decisions.filter(**STATES.get(self.cleaned_data["show"], {}))


STATES = {
    "open": {"is_open": True},
    "drafts": {"is_draft": True},
    "due": {"is_due": True},
    "overdue": {"is_overdue": True},
    "closed": {"is_closed": True},
}


class CompareForm(GovukForm):
    """The two recorded rounds to compare."""

    label_size = "s"

    def __init__(self, rounds: Iterable[Round], data: Any = None) -> None:
        super().__init__(data)
        items = [ChoiceItem(value=str(round.number), label=f"Round {round.number}") for round in rounds]
        self.fields["since"] = SelectField(label="From", items=items)
        self.fields["to"] = SelectField(label="To", items=items)
