"""What is asked about a round beside the guide's questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from decisions.domain.answers import Answer
from decisions.domain.draft_merge import CHANGED, THOUGHT, Words
from decisions.forms.draft import DraftForm
from decisions.forms.identifier_fields import why_needed
from decisions.models import (
    CHANGED_MAX_LENGTH,
    THOUGHT_MAX_LENGTH,
)
from decisions.record.considerations import Considered
from sharingwell.govuk.forms import LongTextField


class WordsForm(DraftForm):
    """A form of texts alone."""

    def point_all_out(self) -> None:
        for name in self.names():
            self.initial[name] = self.draft.get(name, "")
            self.point_out(name, str(self.draft.get(why_needed(name), "")))

    def word(self, name: str) -> Answer:
        return self.cleared(name, str(self.cleaned_data.get(name, "")))


class ChangedForm(WordsForm):
    """Why another round: asked for, never compulsory."""

    changed = LongTextField(
        label="What has changed, or what do you know now?",
        help_text="New information, an answer you were waiting for, or second thoughts. A few words are enough.",
        max_length=CHANGED_MAX_LENGTH,
        required=False,
    )

    label_size = "m"

    def __init__(self, data: Any = None, *, draft: Words | None = None) -> None:
        super().__init__(data, draft=draft)
        self.point_all_out()

    def names(self) -> tuple[str, ...]:
        return (CHANGED,)

    def texts(self) -> list[forms.BoundField]:
        """The text, and the question about an identifier in it."""
        asks_about = self.asks_about(CHANGED)
        return [self[CHANGED], *([asks_about] if asks_about else [])]


class ThoughtsForm(WordsForm):
    """A place for a thought against each consideration shown. Nothing is required.

    Without a `draft` it begins with the thoughts noted on what is considered.
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
        self.point_all_out()

    def names(self) -> tuple[str, ...]:
        return tuple(_thought(each) for each in self.considered)

    def thoughts(self) -> dict[str, str]:
        """What was noted, by the key of the consideration."""
        return {name.removeprefix(THOUGHT): str(self.word(name)) for name in self.names()}

    @property
    def says_anything_else(self) -> bool:
        """Whether a thought is not the one that is kept."""
        return not self.is_valid() or any(
            self.word(name) not in {"", self.draft.get(name, "")} for name in self.names()
        )

    def rows(self) -> list[tuple[Considered, forms.BoundField, forms.BoundField | None]]:
        """Each consideration with its field, and with the question about an identifier in it."""
        return [(each, self[_thought(each)], self.asks_about(_thought(each))) for each in self.considered]


def _thought(considered: Considered) -> str:
    return f"{THOUGHT}{considered.consideration.key}"
