"""Forms made from the questions of a guide version: wording and shape of the input, nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone

from decisions.answers import Answer, Answers, Kind, is_of_kind
from decisions.considered import Considered
from decisions.identifiers import find_identifiers, without_identifiers
from decisions.models import (
    CASE_REFERENCE_MAX_LENGTH,
    CHANGED_MAX_LENGTH,
    SUMMARY_MAX_LENGTH,
    THOUGHT_MAX_LENGTH,
    Decision,
    DecisionQuerySet,
    Round,
)
from guidance.models import Direction
from guidance.reading import Question
from sharingwell.govuk.forms import (
    CheckboxesField,
    ChoiceItem,
    DateField,
    GovukForm,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)

SHORT_TEXT = 500  # characters; a longer answer gets a box that grows with its limit shown

IDENTIFIER = "identifier."
REMOVE, NEEDED = "remove", "needed"

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


class UrgentForm(GovukForm):
    """The least that has to be written down when it cannot wait."""

    direction = RadiosField(
        label="What are you doing?",
        items=[
            ChoiceItem(value=Direction.SHARE, label="Sharing information"),
            ChoiceItem(value=Direction.ASKED, label="Giving information we were asked for"),
            ChoiceItem(value=Direction.TOLD, label="Acting on something we were told"),
            ChoiceItem(value=Direction.ASK, label="Asking for information"),
        ],
        required=True,
        error_messages={"required": "Choose what you are doing."},
    )
    what = LongTextField(
        label="What is it about?",
        help_text="In a line or two. Say “the person”: never a name.",
        max_length=2000,
        rows=2,
        required=True,
        error_messages={"required": "Say what it is about."},
    )
    with_whom = TextField(
        label="With whom, and how?",
        help_text="For example “the night team at the hospital, by phone”.",
        max_length=SHORT_TEXT,
        required=True,
        error_messages={"required": "Say with whom, and how."},
    )
    why = LongTextField(
        label="Why can it not wait?",
        max_length=4000,
        rows=2,
        required=True,
        error_messages={"required": "Say why it cannot wait."},
    )
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
        label="Case reference, if you have one", max_length=CASE_REFERENCE_MAX_LENGTH, required=False
    )

    label_size = "s"

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
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


class FindForm(GovukForm):
    """What of my decisions to list. It lives in the address."""

    q = TextField(label="Words or a reference", max_length=SUMMARY_MAX_LENGTH, required=False)
    show = SelectField(
        label="Show",
        items=[
            ChoiceItem(value="", label="Everything, open first"),
            ChoiceItem(value="open", label="Open: anything that waits for me"),
            ChoiceItem(value="drafts", label="Drafts"),
            ChoiceItem(value="due", label="To be looked at again"),
        ],
        required=False,
    )

    label_size = "s"

    def find(self, decisions: DecisionQuerySet) -> DecisionQuerySet:
        """Those asked for, of decisions with their state; all of them while the form is not filled in right."""
        if not self.is_valid():
            return decisions
        if self.cleaned_data["q"]:
            decisions = decisions.mentioning(self.cleaned_data["q"])
        states = {"open": {"is_open": True}, "drafts": {"is_draft": True}, "due": {"is_due": True}}
        return decisions.filter(**states.get(self.cleaned_data["show"], {}))


class CompareForm(GovukForm):
    """Which two recorded rounds to set side by side."""

    label_size = "s"

    def __init__(self, rounds: Iterable[Round], data: Any = None) -> None:
        super().__init__(data)
        items = [ChoiceItem(value=str(round.number), label=f"Round {round.number}") for round in rounds]
        self.fields["since"] = SelectField(label="From", items=items)
        self.fields["to"] = SelectField(label="To", items=items)


class ChangedForm(GovukForm):
    """Why another round: asked for, never compulsory."""

    changed = LongTextField(
        label="What has changed, or what do you know now?",
        help_text="New information, an answer you were waiting for, or second thoughts. A few words are enough.",
        max_length=CHANGED_MAX_LENGTH,
        required=False,
    )

    label_size = "m"


class ThoughtsForm(GovukForm):
    """A place for a thought against each consideration shown. Nothing is required."""

    def __init__(self, considered: Iterable[Considered], data: Any = None) -> None:
        super().__init__(data)
        self.considered = tuple(considered)
        for each in self.considered:
            key = each.consideration.key
            self.fields[f"thought.{key}"] = LongTextField(
                label="Your thought on this, if you have one",
                max_length=THOUGHT_MAX_LENGTH,
                rows=2,
                required=False,
                noun="Your thought",
            )
            self.initial[f"thought.{key}"] = each.thought

    def rows(self) -> list[tuple[Considered, forms.BoundField]]:
        """Each consideration with its field."""
        return [(each, self[f"thought.{each.consideration.key}"]) for each in self.considered]

    def thoughts(self) -> dict[str, str]:
        return {name.removeprefix("thought."): thought for name, thought in self.cleaned_data.items()}


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
