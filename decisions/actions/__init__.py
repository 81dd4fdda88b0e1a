"""The only writers of the record. Each is one transaction that states a fact."""

from decisions.actions.access import log_access
from decisions.actions.afterwards import add_follow_up, close_decision, move_look_again
from decisions.actions.decisions import (
    URGENT_OUTCOMES,
    describe_decision,
    record_urgent_round,
    start_decision,
)
from decisions.actions.ledger import record_in_ledger
from decisions.actions.rounds import (
    Saving,
    discard_draft,
    move_to_current_guide,
    record_round,
    save_answers,
    save_thoughts,
    save_words,
    say_what_changed,
    start_round,
)

__all__ = [
    "URGENT_OUTCOMES",
    "Saving",
    "add_follow_up",
    "close_decision",
    "describe_decision",
    "discard_draft",
    "log_access",
    "move_look_again",
    "move_to_current_guide",
    "record_in_ledger",
    "record_round",
    "record_urgent_round",
    "save_answers",
    "save_thoughts",
    "save_words",
    "say_what_changed",
    "start_decision",
    "start_round",
]
