"""How a question to an adviser goes from hand to hand: which step may follow which. Pure.

The database holds to the same table: `decisions.database.advice_triggers` writes it into a trigger.
"""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What can happen to a question once it is asked."""

    TAKEN = "taken"  # by somebody of the IG team
    RELEASED = "released"  # to the IG team's queue
    HANDED_ON = "handed-on"  # to a colleague
    SENT_BACK = "sent-back"  # with a question to whoever asked
    ANSWERED = "answered"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    FOLLOWED = "followed"
    NOT_FOLLOWED = "not-followed"


class State(StrEnum):
    """Where a question stands, after the last step."""

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


# A step after which somebody else, or nobody, has the question in hand: whoever it is `to`.
PLACING = (Step.TAKEN, Step.RELEASED, Step.HANDED_ON)
ENDING = (Step.REPLIED, Step.WITHDRAWN)
SETTLING = (Step.FOLLOWED, Step.NOT_FOLLOWED)
OVER = (*ENDING, *SETTLING)
BY_THE_ADVISER = (Step.RELEASED, Step.HANDED_ON, Step.SENT_BACK, Step.REPLIED)
NEED_WORDS = (Step.SENT_BACK, Step.ANSWERED, Step.REPLIED, Step.NOT_FOLLOWED)

# From whoever has left, a question is taken where it stands; otherwise only out of the queue.
TRANSITIONS: dict[State, tuple[Step, ...]] = {
    State.QUEUED: (Step.TAKEN, Step.WITHDRAWN),
    State.WITH_ADVISER: (Step.TAKEN, *BY_THE_ADVISER, Step.WITHDRAWN),
    State.SENT_BACK: (Step.TAKEN, Step.ANSWERED, Step.REPLIED, Step.WITHDRAWN),
    State.REPLIED: SETTLING,
    State.WITHDRAWN: (),
    State.SETTLED: (),
}


def state_after(last: str, *, is_held: bool) -> State:
    """`last` is the last step, empty before the first; `is_held` whether an adviser has the question in hand."""
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
