"""Base form for editing a draft: tracks the base version of its page and shows conflicts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from decisions.domain.answers import Answer
from decisions.domain.draft_merge import IDENTIFIER_REASON, Page, Saved, Words
from decisions.forms.identifier_fields import IdentifierWarningsMixin, reason_field_name
from sharingwell.govuk.forms import ChoiceItem, RadiosField

if TYPE_CHECKING:
    from decisions.actions import SaveResult

KEEP = "keep."
ELSEWHERE, HERE = "elsewhere", "here"
IN_CONFLICT = "_in_conflict"


@dataclass(frozen=True)
class Conflict:
    """Both versions of a field that was changed on this page and elsewhere, and the choice between them."""

    name: str
    label: str
    elsewhere: tuple[str, ...]
    saved_at: datetime.datetime | None
    here: tuple[str, ...]
    keep: forms.BoundField

    @property
    def saved_at_text(self) -> str:
        if self.saved_at is None:
            return ""
        at = timezone.localtime(self.saved_at)
        day = "" if at.date() == timezone.localdate() else f"on {at:%-d %B} "
        return f"{day}at {at:%H:%M}"


class DraftForm(IdentifierWarningsMixin):
    """A form on a draft. `draft` holds the saved values by the names of `decisions.domain.draft_merge`."""

    def __init__(self, data: Any = None, *, draft: Words | None = None) -> None:
        super().__init__(data)
        self.draft = dict(draft or {})
        self.conflicts: tuple[Conflict, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Names of the texts and answers on the form."""
        raise NotImplementedError

    def word(self, name: str) -> Answer:
        """The cleaned value of a field in the draft's format."""
        raise NotImplementedError

    def label(self, name: str) -> str:
        return str(self.fields[name].label)

    def display_values(self, name: str, word: Answer | None) -> tuple[str, ...]:
        """A value as lines of text for display."""
        return (word,) if isinstance(word, str) and word else ()

    @cached_property
    def page(self) -> Page:
        """The page state: parsed from the input of a bound form, or new."""
        if self.is_bound:
            return Page.sent(self.data)
        reasons = (reason_field_name(name) for name in self.names())
        return Page.opened([*self.names(), *reasons], self.draft)

    def words(self) -> dict[str, Answer]:
        """The valid values to save, without fields whose conflict is not resolved."""
        found: dict[str, Answer] = {}
        for name in self.names():
            if self._is_valid(name):
                found[name] = self.word(name)
                if reason_field_name(name) in self.data or not self.identifier_question(name):
                    found[reason_field_name(name)] = self.identifier_reason(name)
        undecided = {name for name in self._submitted_conflicts() if self._choice(name) != HERE}
        return {name: word for name, word in found.items() if name not in undecided}

    def _is_valid(self, name: str) -> bool:
        return name not in self.errors and reason_field_name(name) not in self.errors

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self._submitted_conflicts():
            self._add_choice(name)
            if not self._choice(name):
                self.add_error(f"{KEEP}{name}", self._undecided_message(name))
        return cleaned

    def apply_save_result(self, saving: SaveResult) -> None:
        """Update the page state and the conflicts after a save."""
        current = saving.words
        left = {name for name in self._submitted_conflicts() if name not in saving.accepted}
        both = [name for name in self._all_names() if name in saving.in_conflict | left]
        for name in saving.in_conflict:
            self._add_choice(name)
            if not self.has_error(f"{KEEP}{name}"):
                self.add_error(f"{KEEP}{name}", self._undecided_message(name))
        self.page = self.page.with_base(saving.accepted.union(both), current)
        self.conflicts = tuple(self._conflict(name, current, saving.round.saved) for name in both)

    def _conflict(self, name: str, current: Words, saved: Saved) -> Conflict:
        at = saved.get(name, {}).get("at")
        here = self._own_value(name)
        return Conflict(
            name=name,
            label=self._full_label(name),
            elsewhere=self._display_values(name, current.get(name)),
            saved_at=datetime.datetime.fromisoformat(at) if at else None,
            here=self._display_values(name, here),
            keep=self[f"{KEEP}{name}"],
        )

    def _own_value(self, name: str) -> Answer:
        if name in self.errors:
            return str(self.data.get(name, ""))
        if name.startswith(IDENTIFIER_REASON):
            return self.identifier_reason(name.removeprefix(IDENTIFIER_REASON))
        return self.word(name)

    def _display_values(self, name: str, word: Answer | None) -> tuple[str, ...]:
        return (
            (str(word),) if word and name.startswith(IDENTIFIER_REASON) else self.display_values(name, word)
        )

    def _full_label(self, name: str) -> str:
        if name.startswith(IDENTIFIER_REASON):
            return f"{self.label(name.removeprefix(IDENTIFIER_REASON))} It is needed because"
        return self.label(name)

    def _undecided_message(self, name: str) -> str:
        return f"“{self._full_label(name)}” was changed here and elsewhere. Choose which to keep."

    def _all_names(self) -> Iterable[str]:
        for name in self.names():
            yield from (name, reason_field_name(name))

    def posted_values(self, name: str) -> list[str]:
        """Values of one of the page's own inputs."""
        return list(self.data.getlist(name)) if hasattr(self.data, "getlist") else []

    def _submitted_conflicts(self) -> list[str]:
        """Names of the fields that the submitted page showed as conflicts."""
        sent = self.posted_values(IN_CONFLICT)
        return [name for name in self._all_names() if name in sent]

    def _choice(self, name: str) -> str:
        chosen = self.data.get(f"{KEEP}{name}", "")
        return chosen if chosen in {ELSEWHERE, HERE} else ""

    def _add_choice(self, name: str) -> None:
        self.fields[f"{KEEP}{name}"] = RadiosField(
            label="Which do you keep?",
            label_size="s",
            items=[
                ChoiceItem(value=ELSEWHERE, label="What was saved elsewhere"),
                ChoiceItem(
                    value=HERE,
                    label="Mine",
                    hint="You can still change it below, or add to it, before you save.",
                ),
            ],
            required=False,
        )
