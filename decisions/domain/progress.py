"""Where a writer is in a round, and where they can go next. Pure."""

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
    def left_open(self) -> tuple[AnsweredQuestion, ...]:
        """What has no answer and needs none: those that must have one are `open_questions`."""
        return tuple(each for each in self.answered if not each.is_answered and not each.is_open)

    @property
    def status(self) -> str:
        """In the words shown."""
        if self.is_considered:
            return "Considered"
        return "Some answers" if self.is_started else "Not started"


def progress(answered: Iterable[AnsweredQuestion]) -> tuple[PartProgress, ...]:
    """The parts in the guide's order; they may be visited in any."""
    answered = tuple(answered)
    return tuple(PartProgress(part, of_part(answered, part)) for part in Part)


def next_part(part: Part) -> Part | None:
    """The part to offer after this one; None after the last, when the answers are to be checked."""
    parts = list(Part)
    following = parts.index(part) + 1
    return parts[following] if following < len(parts) else None


def open_questions(answered: Iterable[AnsweredQuestion]) -> tuple[AnsweredQuestion, ...]:
    """What must still be answered before the round can be recorded."""
    return tuple(each for each in answered if each.is_open)
