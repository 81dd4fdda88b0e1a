"""Models of the record, one file per subject. Only `decisions.actions` saves them."""

from decisions.models.access import Access, AccessQuerySet
from decisions.models.advice import QUESTION_MAX_LENGTH, REPLY_MAX_LENGTH, Advice, AdviceQuerySet
from decisions.models.advice_step import AdviceStep
from decisions.models.advice_target import AdviceTarget, Targets
from decisions.models.base import NOTE_MAX_LENGTH, REASON_MAX_LENGTH
from decisions.models.closure import Closure
from decisions.models.decision import CASE_REFERENCE_MAX_LENGTH, SUMMARY_MAX_LENGTH, Decision
from decisions.models.decision_queryset import DecisionQuerySet
from decisions.models.disclosure import DisclosureMark, PassageToWithhold, SubjectAccess
from decisions.models.example_origin import ExampleOrigin
from decisions.models.export import Export, ExportEnd
from decisions.models.follow_up import FollowUp
from decisions.models.ledger import LedgerEntry
from decisions.models.postponement import Postponement
from decisions.models.retention import DisposalAnswer, DisposalProposal, Hold, Release, RetentionRule
from decisions.models.review import (
    COMMENT_MAX_LENGTH,
    LawfulBasis,
    OffenceCondition,
    Review,
    ReviewState,
    SpecialCategoryCondition,
)
from decisions.models.round import CHANGED_MAX_LENGTH, THOUGHT_MAX_LENGTH, Round, RoundQuerySet
from decisions.models.sample import SampleRule
from decisions.models.sharing import HandOver, Share, ShareEnd

__all__ = [
    "CASE_REFERENCE_MAX_LENGTH",
    "CHANGED_MAX_LENGTH",
    "COMMENT_MAX_LENGTH",
    "NOTE_MAX_LENGTH",
    "QUESTION_MAX_LENGTH",
    "REASON_MAX_LENGTH",
    "REPLY_MAX_LENGTH",
    "SUMMARY_MAX_LENGTH",
    "THOUGHT_MAX_LENGTH",
    "Access",
    "AccessQuerySet",
    "Advice",
    "AdviceQuerySet",
    "AdviceStep",
    "AdviceTarget",
    "Closure",
    "Decision",
    "DecisionQuerySet",
    "DisclosureMark",
    "DisposalAnswer",
    "DisposalProposal",
    "ExampleOrigin",
    "Export",
    "ExportEnd",
    "FollowUp",
    "HandOver",
    "Hold",
    "LawfulBasis",
    "LedgerEntry",
    "OffenceCondition",
    "PassageToWithhold",
    "Postponement",
    "Release",
    "RetentionRule",
    "Review",
    "ReviewState",
    "Round",
    "RoundQuerySet",
    "SampleRule",
    "Share",
    "ShareEnd",
    "SpecialCategoryCondition",
    "SubjectAccess",
    "Targets",
]
