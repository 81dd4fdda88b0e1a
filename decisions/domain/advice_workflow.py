"""State machine of a question to an adviser: which step may follow which. Pure.

`decisions.database.advice_triggers` enforces the same table in the database.
"""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """Events in the life of a question."""

    TAKEN = "taken"  # by an IG manager
    RELEASED = "released"  # to the IG team's queue
    HANDED_ON = "handed-on"  # to a colleague
    SENT_BACK = "sent-back"  # with a question to the responsible person
    ANSWERED = "answered"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    FOLLOWED = "followed"
    NOT_FOLLOWED = "not-followed"


class State(StrEnum):
    """State of a question after its last step."""

    QUEUED = "queued"
    WITH_ADVISER = "with adviser"
    SENT_BACK = "sent back"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"

    @property
    def is_open(self) -> bool:
        """Whether a reply may still come."""
        return self in {State.QUEUED, State.WITH_ADVISER, State.SENT_BACK}

    @property
    def waits_for_adviser(self) -> bool:
        return self in {State.QUEUED, State.WITH_ADVISER}


# Steps that change the holder of a question to the person in `to`, or to nobody.
PLACING = (Step.TAKEN, Step.RELEASED, Step.HANDED_ON)
ENDING = (Step.REPLIED, Step.WITHDRAWN)
SETTLING = (Step.FOLLOWED, Step.NOT_FOLLOWED)
OVER = (*ENDING, *SETTLING)
BY_THE_ADVISER = (Step.RELEASED, Step.HANDED_ON, Step.SENT_BACK, Step.REPLIED)
NEED_WORDS = (Step.SENT_BACK, Step.ANSWERED, Step.REPLIED, Step.NOT_FOLLOWED)

# `TAKEN` outside the queue is only for questions whose adviser has left.
TRANSITIONS: dict[State, tuple[Step, ...]] = {
    State.QUEUED: (Step.TAKEN, Step.WITHDRAWN),
    State.WITH_ADVISER: (Step.TAKEN, *BY_THE_ADVISER, Step.WITHDRAWN),
    State.SENT_BACK: (Step.TAKEN, Step.ANSWERED, Step.REPLIED, Step.WITHDRAWN),
    State.REPLIED: SETTLING,
    State.WITHDRAWN: (),
    State.SETTLED: (),
}


def state_after(last: str, *, is_held: bool) -> State:
    """`last` is the last step, empty before the first; `is_held` whether an adviser holds the question."""
    match last:
        case Step.SENT_BACK:
            return State.SENT_BACK
        case Step.REPLIED:
            return State.REPLIED
        case Step.WITHDRAWN:
            return State.WITHDRAWN
        case Step.FOLLOWED | Step.NOT_FOLLOWED:
            return State.SETTLED
    return State.WITH_ADVISER if is_held else State.QUEUED
