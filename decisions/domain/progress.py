"""Progress through the parts of a round. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.domain.answers import AnsweredQuestion, of_part
from guidance.choices import Part


@dataclass(frozen=True)
class PartProgress:
    part: Part
    answered: tuple[AnsweredQuestion, ...]

    @property
    def is_started(self) -> bool:
        return any(each.is_answered for each in self.answered)

    @property
    def is_considered(self) -> bool:
        return bool(self.answered) and all(each.is_answered for each in self.answered)

    @property
    def optional_unanswered(self) -> tuple[AnsweredQuestion, ...]:
        """Unanswered questions that are not required. `open_questions` gives the required ones."""
        return tuple(each for each in self.answered if not each.is_answered and not each.is_open)

    @property
    def status(self) -> str:
        """Its label on screen."""
        if self.is_considered:
            return "Considered"
        return "Some answers" if self.is_started else "Not started"


def progress(answered: Iterable[AnsweredQuestion]) -> tuple[PartProgress, ...]:
    """The parts in the guide's order. The writer may visit them in any order."""
    answered = tuple(answered)
    return tuple(PartProgress(part, of_part(answered, part)) for part in Part)


def next_part(part: Part) -> Part | None:
    """The part after this one; None after the last, when answers are checked."""
    parts = list(Part)
    following = parts.index(part) + 1
    return parts[following] if following < len(parts) else None


def open_questions(answered: Iterable[AnsweredQuestion]) -> tuple[AnsweredQuestion, ...]:
    """Questions that must be answered before the round can be recorded."""
    return tuple(each for each in answered if each.is_open)
