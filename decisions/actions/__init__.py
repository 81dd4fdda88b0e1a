"""The only writers of the record. Each is one transaction that states a fact."""

from decisions.actions.decisions import (
    URGENT_OUTCOMES,
    describe_decision,
    record_urgent_round,
    start_decision,
)
from decisions.actions.rounds import (
    discard_draft,
    move_to_current_guide,
    record_round,
    save_answers,
    save_thoughts,
    say_what_changed,
    start_round,
)

__all__ = [
    "URGENT_OUTCOMES",
    "describe_decision",
    "discard_draft",
    "move_to_current_guide",
    "record_round",
    "record_urgent_round",
    "save_answers",
    "save_thoughts",
    "say_what_changed",
    "start_decision",
    "start_round",
]
