"""Events of a decision in order: its rounds and the facts stated after each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from decisions.record.diff import changed_questions

if TYPE_CHECKING:
    from decisions.models import Advice, FollowUp, HandOver, Postponement, Review, Round
    from sharingwell.accounts.models import User


class EventKind(StrEnum):
    ROUND = "round"
    FOLLOW_UP = "follow-up"
    MOVED = "moved"
    CLOSED = "closed"
    OPENED = "opened"
    HANDED_OVER = "handed-over"
    ASKED = "advice-asked"
    ADVICE = "advice"
    REVIEWED = "reviewed"


@dataclass(frozen=True)
class Event:
    """An event, worded as on screen.

    `round` is the round of a `ROUND` event, and `changed` the questions it answers differently than the round
    before. `is_draft` marks events of a draft, which may still be discarded. `identifier_reason` is the reason for
    an identifier in the words; `confirmed` lists the legal bases that a review confirmed, as name and value.
    `advice` is a question to an adviser, and `question` its number in the decision, from 1.
    """

    kind: EventKind
    at: datetime.datetime
    by: User
    title: str
    words: str = ""
    identifier_reason: str = ""
    round: Round | None = None
    is_draft: bool = False
    changed: tuple[str, ...] = ()
    look_again_on: datetime.date | None = None
    advice: Advice | None = None
    question: int = 0
    confirmed: tuple[tuple[str, str], ...] = ()


def timeline(
    rounds: Iterable[Round],
    follow_ups: Iterable[FollowUp],
    hand_overs: Iterable[HandOver] = (),
    advice: Iterable[Advice] = (),
) -> tuple[Event, ...]:
    """Sorts events earliest first. A recorded round counts from its recording, a draft from its start.

    Rounds need `.with_history()`, advice `.with_people()` in order of asking.
    """
    in_order = sorted(rounds, key=lambda round: round.number)
    events = [
        *_of_rounds(in_order),
        *map(_of_follow_up, follow_ups),
        *map(_of_hand_over, hand_overs),
        *(event for number, each in enumerate(advice, start=1) for event in _of_advice(number, each)),
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _of_rounds(rounds: list[Round]) -> Iterator[Event]:
    before: Round | None = None
    for round in rounds:
        if before is not None and hasattr(before, "closure"):
            yield Event(
                EventKind.OPENED,
                round.recorded_at or round.started_at,
                round.author,
                "Opened again by going round again",
                is_draft=not round.is_recorded,
            )
        yield _of_round(round, before)
        for move in round.postponement_list:
            yield _of_move(move)
        for review in round.review_list:
            yield _of_review(review, round)
        if hasattr(round, "closure"):
            closure = round.closure
            yield Event(
                EventKind.CLOSED, closure.at, closure.by, "Closed", closure.reason, closure.identifier_reason
            )
        before = round


def _of_round(round: Round, before: Round | None) -> Event:
    changed: tuple[str, ...] = ()
    if before is not None and before.record and round.record:
        changed = changed_questions(before.record, round.record)
    return Event(
        EventKind.ROUND,
        round.recorded_at or round.started_at,
        round.author,
        f"Round {round.number}",
        words=round.changed,
        round=round,
        is_draft=not round.is_recorded,
        changed=changed,
    )


def _of_move(move: Postponement) -> Event:
    return Event(
        EventKind.MOVED,
        move.at,
        move.by,
        f"To look again on {move.look_again_on:%-d %B %Y}",
        move.reason,
        move.identifier_reason,
        look_again_on=move.look_again_on,
    )


def _of_review(review: Review, round: Round) -> Event:
    return Event(
        EventKind.REVIEWED,
        review.at,
        review.by,
        f"Round {round.number} reviewed: {review.get_finding_display().lower()}",
        review.comment,
        review.identifier_reason,
        confirmed=tuple(review.confirmed),
    )


def _of_follow_up(follow_up: FollowUp) -> Event:
    return Event(
        EventKind.FOLLOW_UP,
        follow_up.at,
        follow_up.by,
        follow_up.get_kind_display(),
        follow_up.note,
        follow_up.identifier_reason,
    )


def _of_hand_over(hand_over: HandOver) -> Event:
    return Event(
        EventKind.HANDED_OVER,
        hand_over.at,
        hand_over.by,
        f"Handed over to {hand_over.to}",
        hand_over.reason,
        hand_over.identifier_reason,
    )


def _of_advice(number: int, advice: Advice) -> Iterator[Event]:
    urgent = ", urgent" if advice.urgent else ""
    yield Event(
        EventKind.ASKED,
        advice.at,
        advice.by,
        f"Advice asked of {advice.asked_of}{urgent}",
        advice.question,
        advice.identifier_reason,
        advice=advice,
        question=number,
    )
    for step in advice.steps.all():
        yield Event(
            EventKind.ADVICE,
            step.at,
            step.by,
            step.title,
            step.words,
            step.identifier_reason,
            advice=advice,
            question=number,
        )
