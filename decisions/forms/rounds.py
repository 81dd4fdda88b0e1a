"""What is asked about a round beside the guide's questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from decisions.considered import Considered
from decisions.models import (
    CHANGED_MAX_LENGTH,
    THOUGHT_MAX_LENGTH,
)
from sharingwell.govuk.forms import (
    GovukForm,
    LongTextField,
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
