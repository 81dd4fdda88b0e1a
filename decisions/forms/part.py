"""The form of one part, made from the questions of a guide version: wording and shape of the input, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone

from decisions.answers import Answer, Answers, Kind, is_of_kind
from decisions.identifiers import find_identifiers, without_identifiers
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

IDENTIFIER = "identifier."
REMOVE, NEEDED = "remove", "needed"

ANOTHER_DATE = "another-date"
NO_DATE = "no-date"


def pointed_out(text: str, *, names: bool = False) -> str:
    """What in a text looks as if it said who someone is, in words; empty where nothing does."""
    found = find_identifiers(text, names=names)
    return ", ".join(f"{each.kind} (“{each.text}”)" for each in dict.fromkeys(found))


class PartForm(GovukForm):
    """The questions of one part. Nothing is required: a page can be saved at any time.

    Where a text seems to hold an identifier, the form also asks whether to take it out or why it is needed.
    """

    label_size = "m"

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Iterable[Question],
        direction: Direction | str,
        answers: Answers,
        needed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        self.questions = tuple(questions)
        for question in self.questions:
            self.fields.update(_fields_for(question, direction))
            self.initial.update(_initial_for(question, answers.get(question.key)))
            if question.kind == Kind.TEXT:
                self._point_out(question.key, (needed or {}).get(question.key, ""))
        self.helper.layout = _layout(self.questions, self.fields)

    def _point_out(self, key: str, why: str) -> None:
        text = self.data.get(key, "") if self.is_bound else self.initial.get(key, "")
        found = pointed_out(str(text))
        if not found:
            return
        self.fields[_identifier(key)] = RadiosField(
            label=f"This looks like {found}. Does it have to be here?",
            label_size="s",
            help_text="The log should not show who the person is. This may be wrong: you decide.",
            items=[
                ChoiceItem(value=REMOVE, label="Take it out"),
                ChoiceItem(value=NEEDED, label="It is needed", reveals=_why(key)),
            ],
            required=False,
        )
        self.fields[_why(key)] = TextField(
            label="It is needed because", max_length=SHORT_TEXT, required=False
        )
        self.initial.update({_identifier(key): NEEDED if why else "", _why(key): why})

    @property
    def points_something_out_anew(self) -> bool:
        """Whether a text seems to hold an identifier that the page it was sent from had not pointed out."""
        return any(
            name.startswith(IDENTIFIER) and name not in self.data and _shown(name) not in self.data
            for name in self.fields
        )

    def needed(self) -> dict[str, str]:
        """Why each text has to hold what looks like an identifier, empty where it was not said."""
        return {
            question.key: self.cleaned_data.get(_why(question.key), "")
            if self.cleaned_data.get(_identifier(question.key)) == NEEDED
            else ""
            for question in self.questions
            if question.kind == Kind.TEXT
        }

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
        if self.cleaned_data.get(_identifier(question.key)) == REMOVE:
            return without_identifiers(str(value))
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


def _identifier(key: str) -> str:
    return f"{IDENTIFIER}{key}"


def _why(key: str) -> str:
    return f"why-needed.{key}"


def _shown(identifier: str) -> str:
    """Sent with the page that pointed it out: a radio button left open sends nothing by itself."""
    return _why(identifier.removeprefix(IDENTIFIER))


def _layout(questions: tuple[Question, ...], fields: Collection[str]) -> Layout:
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
    return Layout(*(_row(row, fields) for row in rows))


def _row(keys: list[str], fields: Collection[str]) -> Div:
    """A question, or two side by side, each with what is pointed out in its text."""
    cells = [Div(key, *([_identifier(key)] if _identifier(key) in fields else [])) for key in keys]
    return cells[0] if len(cells) == 1 else Div(*cells, css_class="sw-side-by-side")
