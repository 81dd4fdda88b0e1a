"""Forms made from the questions of a guide version: wording and shape of the input, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone

from decisions.answers import Answer, Answers, Kind, is_of_kind
from decisions.models import CASE_REFERENCE_MAX_LENGTH, CHANGED_MAX_LENGTH, SUMMARY_MAX_LENGTH, Decision
from guidance.models import Direction
from guidance.reading import Question
from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    GovukForm,
    LongTextField,
    RadiosField,
    TextField,
)

SHORT_TEXT = 500  # characters; a longer answer gets a box that grows with its limit shown

ANOTHER_DATE = "another-date"
NO_DATE = "no-date"


class DescriptionForm(GovukForm):
    """What a decision is about, in as little as will do."""

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

    @classmethod
    def describing(cls, decision: Decision, data: Any = None) -> DescriptionForm:
        return cls(
            data,
            initial={
                "direction": decision.direction,
                "summary": decision.summary,
                "case_reference": decision.case_reference,
            },
        )


class ChangedForm(GovukForm):
    """Why another round: asked for, never compulsory."""

    changed = LongTextField(
        label="What has changed, or what do you know now?",
        help_text="New information, an answer you were waiting for, or second thoughts. A few words are enough.",
        max_length=CHANGED_MAX_LENGTH,
        required=False,
    )

    label_size = "m"


class PartForm(GovukForm):
    """The questions of one part. Nothing is required: a page can be saved at any time."""

    label_size = "m"

    def __init__(
        self, data: Any = None, *, questions: Iterable[Question], direction: Direction | str, answers: Answers
    ) -> None:
        super().__init__(data)
        self.questions = tuple(questions)
        for question in self.questions:
            self.fields.update(_fields_for(question, direction))
            self.initial.update(_initial_for(question, answers.get(question.key)))
        self.helper.layout = _layout(self.questions)

    def answers(self) -> dict[str, Answer]:
        """The answers as a round keeps them, with an empty one for each question left open."""
        return {question.key: self._answer(question) for question in self.questions}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for question in self.questions:
            another = _another_date(question.key)
            if (
                cleaned.get(question.key) == ANOTHER_DATE
                and not cleaned.get(another)
                and another not in self.errors
            ):
                self.add_error(another, "Enter the date, or choose one of the others.")
        return cleaned

    def _answer(self, question: Question) -> Answer:
        value = self.cleaned_data.get(question.key)
        if question.kind == Kind.DATE:
            if question.options:
                value = self._date_chosen(question, value)
            return value.isoformat() if value else ""
        return value or ""

    def _date_chosen(self, question: Question, chosen: str | None) -> datetime.date | None:
        if chosen == ANOTHER_DATE:
            date: datetime.date = self.cleaned_data[_another_date(question.key)]
            return date
        days = next((option.days for option in question.options if option.key == chosen), None)
        return None if days is None else timezone.localdate() + datetime.timedelta(days=days)


def _fields_for(question: Question, direction: Direction | str) -> dict[str, forms.Field]:
    words: dict[str, Any] = {"label": question.text, "help_text": question.hint, "required": False}
    items = [
        ChoiceItem(
            value=option.key,
            label=option.text,
            hint=option.hint,
            reveals=option.reveals or "",
            exclusive=option.exclusive,
        )
        for option in question.options_for(direction)
    ]
    match question.kind:
        case Kind.TEXT:
            assert question.max_length
            text = TextField if question.max_length <= SHORT_TEXT else LongTextField
            return {question.key: text(max_length=question.max_length, **words)}
        case Kind.ONE:
            return {question.key: RadiosField(items=items, **words)}
        case Kind.SEVERAL:
            return {question.key: CheckboxesField(items=items, **words)}
        case Kind.DATE if items:
            another = _another_date(question.key)
            items = [_with_its_date(item, question) for item in items] + [
                ChoiceItem(value=ANOTHER_DATE, label="On another date", reveals=another),
                ChoiceItem(value=NO_DATE, label="No date for now"),
            ]
            return {
                question.key: RadiosField(items=items, **words),
                another: DateField(label="Date", required=False),
            }
        case Kind.DATE:
            return {question.key: DateField(**words)}
    raise ValueError(f"No field for a question of kind {question.kind}")


def _with_its_date(item: ChoiceItem, question: Question) -> ChoiceItem:
    days = next(option.days for option in question.options if option.key == item.value)
    date = timezone.localdate() + datetime.timedelta(days=days or 0)
    return ChoiceItem(value=item.value, label=f"{item.label} ({date:%A %-d %B})", hint=item.hint)


def _initial_for(question: Question, answer: Answer | None) -> dict[str, Any]:
    if not answer or not is_of_kind(question, answer):
        return {}
    if question.kind != Kind.DATE:
        return {question.key: answer}
    date = datetime.date.fromisoformat(str(answer))
    if question.options:
        return {question.key: ANOTHER_DATE, _another_date(question.key): date}
    return {question.key: date}


def _another_date(key: str) -> str:
    return f"{key}.another"


def _layout(questions: tuple[Question, ...]) -> Layout:
    """The questions in order, those to be weighed together side by side; a revealed one stands under its option."""
    revealed = {option.reveals for question in questions for option in question.options if option.reveals}
    rows: list[list[str]] = []
    for question in questions:
        if question.key in revealed:
            continue
        if question.beside_previous and rows:
            rows[-1].append(question.key)
        else:
            rows.append([question.key])
    return Layout(*(row[0] if len(row) == 1 else Div(*row, css_class="sw-side-by-side") for row in rows))
