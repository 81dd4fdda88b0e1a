"""Forms for facts after a recorded round: a follow-up, a new review date, a closure.

Their texts are permanent, so the identifier question is required before saving.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.utils import timezone

from decisions.domain.question_keys import REVIEW_ON
from decisions.forms.identifier_fields import (
    IdentifierWarningsMixin,
    identifier_field_name,
    reason_field_name,
)
from decisions.forms.part import ANOTHER_DATE
from decisions.models import NOTE_MAX_LENGTH, REASON_MAX_LENGTH, FollowUp
from guidance.choices import QuestionKind
from guidance.reading import Question
from sharingwell.govuk.forms import (
    ChoiceItem,
    DateField,
    LongTextField,
    RadiosField,
)

MESSAGE_MAX_LENGTH = 12_000  # characters; its longest answers have 4,000 each


class FinalTextForm(IdentifierWarningsMixin):
    """A form with one permanent text, in the field named by `text_field`."""

    label_size = "m"
    text_field: ClassVar[str]

    def __init__(self, data: Any = None, *, text: str = "") -> None:
        super().__init__(data, initial={self.text_field: text})
        self.warn_about_identifiers(self.text_field, required=True)

    def facts(self) -> dict[str, Any]:
        """Keyword arguments for the action: the answers, the text after any removal, and `identifier_reason`."""
        identifier_fields = {identifier_field_name(self.text_field), reason_field_name(self.text_field)}
        return {
            **{name: value for name, value in self.cleaned_data.items() if name not in identifier_fields},
            self.text_field: self.cleaned_text(self.text_field, self.cleaned_data[self.text_field]),
            "identifier_reason": self.identifier_reason(self.text_field),
        }


class FollowUpForm(FinalTextForm):
    """The kind of follow-up and a note."""

    text_field = "note"

    kind = RadiosField(
        label="What has happened since?",
        items=[ChoiceItem(value=kind.value, label=kind.label) for kind in FollowUp.Kind],
        required=True,
        error_messages={"required": "Choose what has happened since."},
    )
    note = LongTextField(
        label="In a few words",
        help_text="What came of it, good or bad. Say “the person”: never a name.",
        max_length=NOTE_MAX_LENGTH,
        required=False,
        noun="What you write",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needs_a_note = cleaned.get("kind") in FollowUp.NEED_A_NOTE
        if needs_a_note and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Say in a few words what it was.")
        return cleaned


class MessageForm(FinalTextForm):
    """A message to copy. It is kept only where its writer records that it was sent."""

    text_field = "note"

    note = LongTextField(
        label="Your message",
        help_text="Change it as you need. It should say no more than the person who gets it has to know.",
        max_length=MESSAGE_MAX_LENGTH,
        rows=20,
        required=True,
        noun="Your message",
        error_messages={"required": "Enter the message."},
    )


class LookAgainForm(FinalTextForm):
    """Another date to look again, from the guide's options for that question, with a reason."""

    text_field = "reason"

    reason = LongTextField(
        label="Why on that day?",
        help_text="What you are waiting for, or what has changed. Say “the person”: never a name.",
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=True,
        noun="The reason",
        error_messages={"required": "Say why you look again on that day."},
    )

    def __init__(self, data: Any = None, *, questions: tuple[Question, ...]) -> None:
        super().__init__(data)
        today = timezone.localdate()
        quick = [
            option
            for question in questions
            if question.key == REVIEW_ON and question.kind == QuestionKind.DATE
            for option in question.options
            if option.days
        ]
        self.days = {option.key: today + datetime.timedelta(days=option.days or 0) for option in quick}
        items = [
            ChoiceItem(value=option.key, label=f"{option.text} ({self.days[option.key]:%A %-d %B})")
            for option in quick
        ]
        self.fields = {
            "day": RadiosField(
                label="When will you look at this again?",
                items=[*items, ChoiceItem(value=ANOTHER_DATE, label="On another date", reveals="another")],
                required=True,
                error_messages={"required": "Choose when you will look at this again."},
            ),
            "another": DateField(label="Date", required=False),
            **self.fields,
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, another = cleaned.pop("day", None), cleaned.pop("another", None)
        if day == ANOTHER_DATE and "another" not in self.errors:
            if another is None:
                self.add_error("another", "Enter the date, or choose one of the others.")
            elif another <= timezone.localdate():
                self.add_error("another", "The date must be after today.")
        cleaned["look_again_on"] = another if day == ANOTHER_DATE else self.days.get(day or "")
        return cleaned


class CloseForm(FinalTextForm):
    """The reason for closing a decision."""

    text_field = "reason"

    reason = LongTextField(
        label="Why is nothing more to be done?",
        help_text="For example, the person is safe, or another service has taken over. Say “the person”: never a name.",
        max_length=REASON_MAX_LENGTH,
        rows=3,
        required=True,
        noun="The reason",
        error_messages={"required": "Say why nothing more is to be done."},
    )
