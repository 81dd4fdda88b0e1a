"""What has happened to a decision, in order: its rounds and what was stated after each. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from decisions.comparison import changed_questions

if TYPE_CHECKING:
    from decisions.models import Closure, FollowUp, Postponement, Round


class Happening(StrEnum):
    ROUND = "round"
    FOLLOW_UP = "follow-up"
    MOVED = "moved"
    CLOSED = "closed"
    OPENED = "opened"


@dataclass(frozen=True)
class Event:
    """`fact` is the row it is told from; of `OPENED` it is the round that was begun.

    `changed` are the questions that a recorded round answers in another way than the round before.
    """

    happening: Happening
    at: datetime.datetime
    fact: Round | FollowUp | Postponement | Closure
    changed: tuple[str, ...] = ()


def timeline(rounds: Iterable[Round], follow_ups: Iterable[FollowUp]) -> tuple[Event, ...]:
    """The earliest first. A round stands where it was recorded, a draft where it was begun.

    The rounds come with their closures and postponements (`.with_afterwards()`).
    """
    in_order = sorted(rounds, key=lambda round: round.number)
    events = [
        *_of_rounds(in_order),
        *(Event(Happening.FOLLOW_UP, follow_up.at, follow_up) for follow_up in follow_ups),
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _of_rounds(rounds: list[Round]) -> Iterator[Event]:
    before: Round | None = None
    for round in rounds:
        if before is not None and hasattr(before, "closure"):
            yield Event(Happening.OPENED, round.started_at, round)
        changed: tuple[str, ...] = ()
        if before is not None and before.record and round.record:
            changed = changed_questions(before.record, round.record)
        yield Event(Happening.ROUND, round.recorded_at or round.started_at, round, changed)
        for move in round.postponements.all():
            yield Event(Happening.MOVED, move.at, move)
        if hasattr(round, "closure"):
            yield Event(Happening.CLOSED, round.closure.at, round.closure)
        before = round
