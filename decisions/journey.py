"""Where a writer is in a round, and where they can go next. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.answers import AnsweredQuestion, of_part
from guidance.models import Part


@dataclass(frozen=True)
class PartProgress:
    part: Part
    answered: tuple[AnsweredQuestion, ...]

    @property
    def status(self) -> str:
        """In the words shown: not started, some answers, all answered."""
        count = sum(each.is_answered for each in self.answered)
        if count == 0:
            return "Not started"
        return "All answered" if count == len(self.answered) else "Some answers"


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
