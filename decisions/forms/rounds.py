"""Forms of a round that are not the guide's questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from decisions.domain.answers import Answer
from decisions.domain.draft_merge import CHANGED, THOUGHT, Words
from decisions.forms.draft import DraftForm
from decisions.forms.identifier_fields import reason_field_name
from decisions.models import (
    CHANGED_MAX_LENGTH,
    THOUGHT_MAX_LENGTH,
)
from decisions.record.considerations import Considered
from sharingwell.govuk.forms import LongTextField


class DraftTextsForm(DraftForm):
    """A draft form with text fields only."""

    def warn_about_all_identifiers(self) -> None:
        for name in self.names():
            self.initial[name] = self.draft.get(name, "")
            self.warn_about_identifiers(name, str(self.draft.get(reason_field_name(name), "")))

    def word(self, name: str) -> Answer:
        return self.cleaned_text(name, str(self.cleaned_data.get(name, "")))


class ChangedForm(DraftTextsForm):
    """The reason for another round; optional."""

    changed = LongTextField(
        label="What has changed, or what do you know now?",
        help_text="New information, an answer you were waiting for, or second thoughts. A few words are enough.",
        max_length=CHANGED_MAX_LENGTH,
        required=False,
    )

    label_size = "m"

    def __init__(self, data: Any = None, *, draft: Words | None = None) -> None:
        super().__init__(data, draft=draft)
        self.warn_about_all_identifiers()

    def names(self) -> tuple[str, ...]:
        return (CHANGED,)

    def texts(self) -> list[forms.BoundField]:
        """The text field, followed by its identifier question, if any."""
        identifier_question = self.identifier_question(CHANGED)
        return [self[CHANGED], *([identifier_question] if identifier_question else [])]


class ThoughtsForm(DraftTextsForm):
    """An optional thought on each consideration shown.

    Without `draft`, the initial values are the thoughts already noted.
    """

    def __init__(
        self, considered: Iterable[Considered], data: Any = None, *, draft: Words | None = None
    ) -> None:
        self.considered = tuple(considered)
        noted = {_thought(each): each.thought for each in self.considered}
        super().__init__(data, draft=noted if draft is None else draft)
        for each in self.considered:
            self.fields[_thought(each)] = LongTextField(
                label="Your thought on this, if you have one",
                max_length=THOUGHT_MAX_LENGTH,
                rows=2,
                required=False,
                noun="Your thought",
            )
        self.warn_about_all_identifiers()

    def names(self) -> tuple[str, ...]:
        return tuple(_thought(each) for each in self.considered)

    def thoughts(self) -> dict[str, str]:
        """The thoughts by consideration key."""
        return {name.removeprefix(THOUGHT): str(self.word(name)) for name in self.names()}

    @property
    def has_unsaved_thoughts(self) -> bool:
        """Whether a posted thought differs from the saved one."""
        return not self.is_valid() or any(
            self.word(name) not in {"", self.draft.get(name, "")} for name in self.names()
        )

    def rows(self) -> list[tuple[Considered, forms.BoundField, forms.BoundField | None]]:
        """Each consideration with its field and its identifier question, if any."""
        return [
            (each, self[_thought(each)], self.identifier_question(_thought(each))) for each in self.considered
        ]


def _thought(considered: Considered) -> str:
    return f"{THOUGHT}{considered.consideration.key}"
