"""The form of one part, built from the questions of a guide version."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from decisions.domain.answers import Answer, Answers, answered_questions, matches_kind
from decisions.domain.draft_merge import IDENTIFIER_REASON
from decisions.forms.draft import DraftForm
from decisions.forms.identifier_fields import SHORT_TEXT, reason_field_name
from guidance.choices import Direction, QuestionKind
from guidance.reading import Question
from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    LongTextField,
    RadiosField,
    TextField,
)

ANOTHER_DATE = "another-date"
NO_DATE = "no-date"
ROWS = 3
COUNT_FROM = 75  # per cent of the characters that are allowed


class PartForm(DraftForm):
    """The questions of one part, core ones first. No field is required: a draft can be saved at any time."""

    label_size = "m"

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Iterable[Question],
        direction: Direction | str,
        answers: Answers,
        identifier_reasons: Mapping[str, str] | None = None,
    ) -> None:
        reasons = {reason_field_name(key): why for key, why in (identifier_reasons or {}).items()}
        super().__init__(data, draft={**answers, **reasons})
        worded = [question.worded_for(direction) for question in questions]
        self.core, self.more = _core_and_more(worded, direction)
        self.questions = (*self.core, *self.more)
        self.direction = direction
        for question in self.questions:
            self.fields.update(_fields_for(question, direction))
            self.initial.update(_initial_for(question, answers.get(question.key)))
            if question.kind == QuestionKind.TEXT:
                self.warn_about_identifiers(question.key, (identifier_reasons or {}).get(question.key, ""))

    def names(self) -> tuple[str, ...]:
        return tuple(question.key for question in self.questions)

    def word(self, name: str) -> Answer:
        return self._answer(self._question(name))

    def display_values(self, name: str, word: Answer | None) -> tuple[str, ...]:
        [answered] = answered_questions([self._question(name)], self.direction, {name: word or ""})
        return answered.shown

    def words(self) -> dict[str, Answer]:
        """The values to save, without answers that differ only because the page could not display the saved ones."""
        return {
            name: word
            for name, word in super().words().items()
            if name.startswith(IDENTIFIER_REASON) or word != self._displayable_answer(self._question(name))
        }

    def _displayable_answer(self, question: Question) -> Answer | None:
        """The value shown for a saved answer of another kind or direction; None if it was shown in full."""
        kept = self.draft.get(question.key)
        if not kept or (
            question.kind in {QuestionKind.TEXT, QuestionKind.DATE} and matches_kind(question, kept)
        ):
            return None
        offered = {option.key for option in question.options_for(self.direction)}
        if not matches_kind(question, kept):
            return ""
        if isinstance(kept, list):
            shown = [option.key for option in question.options_for(self.direction) if option.key in kept]
            return None if len(shown) == len(kept) else shown or ""
        return None if kept in offered else ""

    def _question(self, key: str) -> Question:
        return next(question for question in self.questions if question.key == key)

    def _is_valid(self, name: str) -> bool:
        return super()._is_valid(name) and _another_date(name) not in self.errors

    def answers(self) -> dict[str, Answer]:
        """The answers in the format of a round, empty for open questions."""
        return {question.key: self._answer(question) for question in self.questions}

    def fields_of(self, question: Question) -> list[forms.BoundField]:
        """The field of a question, followed by its identifier question, if any."""
        identifier_question = self.identifier_question(question.key)
        return [self[question.key], *([identifier_question] if identifier_question else [])]

    def needs_attention(self, question: Question) -> bool:
        """Whether the question or what belongs to it has an error, or may hold an identifier."""
        names = (question.key, _another_date(question.key), reason_field_name(question.key))
        return any(name in self.errors for name in names) or bool(self.identifier_question(question.key))

    def identifier_reasons(self) -> dict[str, str]:
        """Why each text needs an identifier; empty if no reason was given."""
        return {question.key: self.identifier_reason(question.key) for question in self.questions}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in self.questions:
            another = _another_date(question.key)
            if (
                another in self.fields  # for a text question, ANOTHER_DATE is plain input
                and cleaned.get(question.key) == ANOTHER_DATE
                and not cleaned.get(another)
                and another not in self.errors
            ):
                self.add_error(another, "Enter the date, or choose one of the others.")
        return cleaned

    def _answer(self, question: Question) -> Answer:
        value = self.cleaned_data.get(question.key)
        if question.kind == QuestionKind.TEXT:
            return self.cleaned_text(question.key, str(value or ""))
        if question.kind == QuestionKind.DATE:
            if question.options:
                value = self._date_chosen(question, value)
            return value.isoformat() if value else ""
        return value or ""

    def _date_chosen(self, question: Question, chosen: str | None) -> datetime.date | None:
        if chosen == ANOTHER_DATE:
            date: datetime.date | None = self.cleaned_data.get(_another_date(question.key))
            return date
        days = next((option.days for option in question.options if option.key == chosen), None)
        return None if days is None else timezone.localdate() + datetime.timedelta(days=days)


def _core_and_more(
    questions: Iterable[Question], direction: Direction | str
) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Core questions of the direction, and the others. A part without core ones, as in older guides, shows all."""
    questions = tuple(questions)
    core = tuple(question for question in questions if question.is_core_for(direction)) or questions
    return core, tuple(question for question in questions if question not in core)


def _fields_for(question: Question, direction: Direction | str) -> dict[str, forms.Field]:
    words: dict[str, Any] = {"label": question.text, "help_text": question.hint, "required": False}
    items = [
        ChoiceItem(
            value=option.key,
            label=option.text,
            hint=option.hint,
            reveals=option.reveals or "",
            exclusive=option.exclusive,
            folded=option.folded,
        )
        for option in question.options_for(direction)
    ]
    match question.kind:
        case QuestionKind.TEXT:
            assert question.max_length
            if question.max_length <= SHORT_TEXT:
                return {question.key: TextField(max_length=question.max_length, **words)}
            field = LongTextField(question.max_length, rows=ROWS, threshold=COUNT_FROM, **words)
            return {question.key: field}
        case QuestionKind.ONE:
            return {question.key: RadiosField(items=items, **words)}
        case QuestionKind.SEVERAL:
            return {question.key: CheckboxesField(items=items, **words)}
        case QuestionKind.DATE if items:
            another = _another_date(question.key)
            items = [_with_date(item, question) for item in items] + [
                ChoiceItem(value=ANOTHER_DATE, label="On another date", reveals=another),
                ChoiceItem(value=NO_DATE, label="No date for now"),
            ]
            return {
                question.key: RadiosField(items=items, **words),
                another: DateField(label="Date", required=False),
            }
        case QuestionKind.DATE:
            return {question.key: DateField(**words)}
    raise ValueError(f"No field for a question of kind {question.kind}")


def _with_date(item: ChoiceItem, question: Question) -> ChoiceItem:
    days = next(option.days for option in question.options if option.key == item.value)
    date = timezone.localdate() + datetime.timedelta(days=days or 0)
    return ChoiceItem(value=item.value, label=f"{item.label} ({date:%A %-d %B})", hint=item.hint)


def _initial_for(question: Question, answer: Answer | None) -> dict[str, Any]:
    if not answer or not matches_kind(question, answer):
        return {}
    if question.kind != QuestionKind.DATE:
        return {question.key: answer}
    date = datetime.date.fromisoformat(str(answer))
    if question.options:
        return {question.key: ANOTHER_DATE, _another_date(question.key): date}
    return {question.key: date}


def _another_date(key: str) -> str:
    return f"{key}.another"
