"""Events of a decision in order: its rounds and the facts stated after each."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from decisions.record.diff import changed_questions

if TYPE_CHECKING:
    from decisions.models import Advice, FollowUp, HandOver, Hold, Postponement, Review, Round
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
    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True)
class Event:
    """An event, worded as on screen.

    `round` is the round of a `ROUND` event, and `changed` the questions it answers differently than the round
    before. `is_draft` marks events of a draft, which may still be discarded. `identifier_reason` is the reason for
    an identifier in the words; `confirmed` lists the legal bases that a review confirmed, as name and value.
    `advice` is a question to an adviser, and `question` its number in the decision, from 1.
    `named` lists the people whose names the title holds.
    `key` is the primary key of the fact, and `fact` a name made of its kind and its number among those of its kind, by
    key: the name stays when an event with an earlier time is added.
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
    named: tuple[str, ...] = ()
    key: int = 0
    fact: str = ""


def timeline(
    rounds: Iterable[Round],
    follow_ups: Iterable[FollowUp],
    hand_overs: Iterable[HandOver] = (),
    advice: Iterable[Advice] = (),
    holds: Iterable[Hold] = (),
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
        *(event for hold in holds for event in _of_hold(hold)),
    ]
    return tuple(sorted(_with_names(events), key=lambda event: event.at))


def _with_names(events: list[Event]) -> Iterator[Event]:
    numbers: Counter[EventKind] = Counter()
    for event in sorted(events, key=lambda event: event.key):
        numbers[event.kind] += 1
        yield replace(event, fact=f"{event.kind}.{numbers[event.kind]}")


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
                key=round.number,
            )
        yield _of_round(round, before)
        for move in round.postponement_list:
            yield _of_move(move)
        for review in round.review_list:
            yield _of_review(review, round)
        if hasattr(round, "closure"):
            closure = round.closure
            yield Event(
                EventKind.CLOSED,
                closure.at,
                closure.by,
                "Closed",
                closure.reason,
                closure.identifier_reason,
                key=closure.pk,
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
        key=round.number,
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
        key=move.pk,
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
        key=review.pk,
    )


def _of_follow_up(follow_up: FollowUp) -> Event:
    return Event(
        EventKind.FOLLOW_UP,
        follow_up.at,
        follow_up.by,
        follow_up.get_kind_display(),
        follow_up.note,
        follow_up.identifier_reason,
        key=follow_up.pk,
    )


def _of_hand_over(hand_over: HandOver) -> Event:
    return Event(
        EventKind.HANDED_OVER,
        hand_over.at,
        hand_over.by,
        f"Handed over to {hand_over.to.name_at(hand_over.at)}",
        hand_over.reason,
        hand_over.identifier_reason,
        named=(hand_over.to.name_at(hand_over.at),),
        key=hand_over.pk,
    )


def _of_hold(hold: Hold) -> Iterator[Event]:
    """A legal hold, and its release. Holds need `release`."""
    yield Event(
        EventKind.HELD, hold.at, hold.by, "On legal hold", hold.reason, hold.identifier_reason, key=hold.pk
    )
    if hasattr(hold, "release"):
        release = hold.release
        yield Event(
            EventKind.RELEASED,
            release.at,
            release.by,
            "Legal hold ended",
            release.reason,
            release.identifier_reason,
            key=release.pk,
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
        named=(advice.asked_of,) if advice.adviser else (),
        key=advice.pk,
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
            named=(step.to.name_at(step.at),) if step.to else (),
            key=step.pk,
        )
