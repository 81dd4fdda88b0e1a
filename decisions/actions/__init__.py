"""The only writers of the record. Each action is one transaction."""

from decisions.actions.access import log_access
from decisions.actions.advice import (
    answer_adviser,
    ask_advice,
    hand_on_advice,
    release_advice,
    reply_to_advice,
    send_back_advice,
    set_advice_target,
    settle_advice,
    take_advice,
    withdraw_advice,
)
from decisions.actions.decisions import (
    URGENT_OUTCOMES,
    describe_decision,
    record_draft_urgently,
    record_urgent_round,
    start_decision,
)
from decisions.actions.disclosure import (
    disclose_draft_passage,
    log_subject_access_copy,
    mark_for_disclosure,
    prepare_subject_access,
    withhold_draft_passage,
)
from decisions.actions.draft_expiry import delete_expired_drafts, keep_draft
from decisions.actions.examples import draft_example
from decisions.actions.follow_up import add_follow_up, close_decision, move_look_again
from decisions.actions.ledger import record_in_ledger
from decisions.actions.log import end_export, log_export, set_sample_rule
from decisions.actions.retention import (
    confirm_disposal,
    decline_disposal,
    hold_decision,
    lift_hold,
    propose_disposal,
    set_retention_rule,
    set_retention_rules,
)
from decisions.actions.reviews import review_round
from decisions.actions.rounds import (
    SaveResult,
    discard_draft,
    move_to_current_guide,
    record_round,
    save_answers,
    save_thoughts,
    save_words,
    set_what_changed,
    start_round,
)
from decisions.actions.sharing import end_share, hand_over_decision, share_decision

__all__ = [
    "URGENT_OUTCOMES",
    "SaveResult",
    "add_follow_up",
    "answer_adviser",
    "ask_advice",
    "close_decision",
    "confirm_disposal",
    "decline_disposal",
    "delete_expired_drafts",
    "describe_decision",
    "discard_draft",
    "disclose_draft_passage",
    "draft_example",
    "end_export",
    "end_share",
    "hand_on_advice",
    "hand_over_decision",
    "hold_decision",
    "keep_draft",
    "lift_hold",
    "log_access",
    "log_export",
    "log_subject_access_copy",
    "mark_for_disclosure",
    "move_look_again",
    "move_to_current_guide",
    "prepare_subject_access",
    "propose_disposal",
    "record_draft_urgently",
    "record_in_ledger",
    "record_round",
    "record_urgent_round",
    "release_advice",
    "reply_to_advice",
    "review_round",
    "save_answers",
    "save_thoughts",
    "save_words",
    "send_back_advice",
    "set_advice_target",
    "set_retention_rule",
    "set_retention_rules",
    "set_sample_rule",
    "set_what_changed",
    "settle_advice",
    "share_decision",
    "start_decision",
    "start_round",
    "take_advice",
    "withdraw_advice",
    "withhold_draft_passage",
]
