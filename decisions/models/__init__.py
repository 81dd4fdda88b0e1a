"""The nouns of the record, one file a subject. Nothing outside `decisions.actions` saves them."""

from decisions.models.decision import (
    CASE_REFERENCE_MAX_LENGTH,
    CHANGED_MAX_LENGTH,
    SUMMARY_MAX_LENGTH,
    THOUGHT_MAX_LENGTH,
    Decision,
    DecisionQuerySet,
    Round,
    RoundQuerySet,
)

__all__ = [
    "CASE_REFERENCE_MAX_LENGTH",
    "CHANGED_MAX_LENGTH",
    "SUMMARY_MAX_LENGTH",
    "THOUGHT_MAX_LENGTH",
    "Decision",
    "DecisionQuerySet",
    "Round",
    "RoundQuerySet",
]
