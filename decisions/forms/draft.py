"""What every form that writes in a draft does: it knows what its page was made from, and shows what changed twice."""

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
from decisions.forms.identifier_fields import IdentifierWarningsMixin, why_needed
from sharingwell.govuk.forms import ChoiceItem, RadiosField

if TYPE_CHECKING:
    from decisions.actions import SaveResult

KEEP = "keep."
ELSEWHERE, HERE = "elsewhere", "here"
IN_CONFLICT = "_in_conflict"


@dataclass(frozen=True)
class Conflict:
    """The same thing changed on this page and, since it was opened, elsewhere: both, and which of them to keep."""

    name: str
    label: str
    elsewhere: tuple[str, ...]
    saved_at: datetime.datetime | None
    here: tuple[str, ...]
    keep: forms.BoundField

    @property
    def saved_when(self) -> str:
        if self.saved_at is None:
            return ""
        at = timezone.localtime(self.saved_at)
        day = "" if at.date() == timezone.localdate() else f"on {at:%-d %B} "
        return f"{day}at {at:%H:%M}"


class DraftForm(IdentifierWarningsMixin):
    """`draft` is what is written in the draft now, by the names of `decisions.domain.draft_merge`."""

    def __init__(self, data: Any = None, *, draft: Words | None = None) -> None:
        super().__init__(data)
        self.draft = dict(draft or {})
        self.conflicts: tuple[Conflict, ...] = ()

    def names(self) -> tuple[str, ...]:
        """The texts and answers it asks for."""
        raise NotImplementedError

    def word(self, name: str) -> Answer:
        """What was answered under this name, as a draft keeps it."""
        raise NotImplementedError

    def label(self, name: str) -> str:
        return str(self.fields[name].label)

    def shown(self, name: str, word: Answer | None) -> tuple[str, ...]:
        """An answer as it reads."""
        return (word,) if isinstance(word, str) and word else ()

    @cached_property
    def page(self) -> Page:
        """The page the form is on: as it was sent, or a new one."""
        if self.is_bound:
            return Page.sent(self.data)
        reasons = (why_needed(name) for name in self.names())
        return Page.opened([*self.names(), *reasons], self.draft)

    def words(self) -> dict[str, Answer]:
        """What can be saved: each answer that is in order, unless it is for the writer to say which of two to keep."""
        found: dict[str, Answer] = {}
        for name in self.names():
            if self._is_in_order(name):
                found[name] = self.word(name)
                if why_needed(name) in self.data or not self.asks_about(name):
                    found[why_needed(name)] = self.why(name)
        undecided = {name for name in self._sent_in_conflict() if self._kept(name) != HERE}
        return {name: word for name, word in found.items() if name not in undecided}

    def _is_in_order(self, name: str) -> bool:
        return name not in self.errors and why_needed(name) not in self.errors

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self._sent_in_conflict():
            self._add_choice(name)
            if not self._kept(name):
                self.add_error(f"{KEEP}{name}", self._words_for_undecided(name))
        return cleaned

    def take_up(self, saving: SaveResult) -> None:
        """After saving: what the page knows now, and both versions of what was changed in two places."""
        stands = saving.words
        left = {name for name in self._sent_in_conflict() if name not in saving.accepted}
        both = [name for name in self._all_names() if name in saving.in_conflict | left]
        for name in saving.in_conflict:
            self._add_choice(name)
            if not self.has_error(f"{KEEP}{name}"):
                self.add_error(f"{KEEP}{name}", self._words_for_undecided(name))
        self.page = self.page.with_base(saving.accepted.union(both), stands)
        self.conflicts = tuple(self._conflict(name, stands, saving.round.saved) for name in both)

    def _conflict(self, name: str, stands: Words, saved: Saved) -> Conflict:
        at = saved.get(name, {}).get("at")
        here = self._here(name)
        return Conflict(
            name=name,
            label=self._label_of(name),
            elsewhere=self._shown(name, stands.get(name)),
            saved_at=datetime.datetime.fromisoformat(at) if at else None,
            here=self._shown(name, here),
            keep=self[f"{KEEP}{name}"],
        )

    def _here(self, name: str) -> Answer:
        if name in self.errors:
            return str(self.data.get(name, ""))
        if name.startswith(IDENTIFIER_REASON):
            return self.why(name.removeprefix(IDENTIFIER_REASON))
        return self.word(name)

    def _shown(self, name: str, word: Answer | None) -> tuple[str, ...]:
        return (str(word),) if word and name.startswith(IDENTIFIER_REASON) else self.shown(name, word)

    def _label_of(self, name: str) -> str:
        if name.startswith(IDENTIFIER_REASON):
            return f"{self.label(name.removeprefix(IDENTIFIER_REASON))} It is needed because"
        return self.label(name)

    def _words_for_undecided(self, name: str) -> str:
        return f"“{self._label_of(name)}” was changed here and elsewhere. Choose which to keep."

    def _all_names(self) -> Iterable[str]:
        for name in self.names():
            yield from (name, why_needed(name))

    def _sent_in_conflict(self) -> list[str]:
        """What the page it was sent from showed both versions of."""
        sent = self.data.getlist(IN_CONFLICT) if hasattr(self.data, "getlist") else []
        return [name for name in self._all_names() if name in sent]

    def _kept(self, name: str) -> str:
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
