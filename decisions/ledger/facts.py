"""What is recorded, kind by kind: which rows, of which organisation, and the fact that each is.

A fact has every column of the row, so that no edit goes unnoticed. Three rules keep the digests of old facts what they
are when tables grow: a column without a value is left out; a column added later is left out while it has the value
that older rows were given (`ADDED_LATER`); and what PostgreSQL computes from other columns is no part of a fact.
Recorded tables lose no column, and none changes its name in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from decisions.ledger.canonical import Fact, plain
from decisions.models import (
    Access,
    Closure,
    DisclosureMark,
    DisposalAnswer,
    DisposalProposal,
    FollowUp,
    HandOver,
    Hold,
    Postponement,
    Release,
    RetentionRule,
    Round,
    Share,
    ShareEnd,
    SubjectAccess,
)

# Columns that are not null and came after the ledger: the value that rows of before were given, by table and column.
ADDED_LATER: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class Kind:
    """One kind of recorded fact. `rows` are those recorded, with all that `fact` and `organisation` look at."""

    name: str
    rows: Callable[[], QuerySet[Any]]
    fact: Callable[[Any], Fact]
    organisation: Callable[[Any], int]


def columns_of(row: Model) -> dict[str, Any]:
    """Every column of a row that holds something, by its name in the database."""
    columns = {}
    for field in row._meta.concrete_fields:
        if field.generated:
            continue
        name, value = str(field.column), plain(field.to_python(getattr(row, field.attname)))
        if value is not None and value != ADDED_LATER.get((row._meta.db_table, name)):
            columns[name] = value
    return columns


def round_fact(round: Round) -> Fact:
    """With the decision: what it is about is part of every record of it, and final with the first."""
    return {"round": columns_of(round), "decision": columns_of(round.decision)}


KINDS = {
    kind.name: kind
    for kind in [
        Kind(
            name="round",
            rows=lambda: Round.objects.recorded().select_related("decision"),
            fact=round_fact,
            organisation=lambda round: round.decision.organisation_id,
        ),
        Kind(
            name="follow_up",
            rows=lambda: FollowUp.objects.select_related("decision"),
            fact=lambda follow_up: {"follow_up": columns_of(follow_up)},
            organisation=lambda follow_up: follow_up.decision.organisation_id,
        ),
        Kind(
            name="postponement",
            rows=lambda: Postponement.objects.select_related("round__decision"),
            fact=lambda postponement: {"postponement": columns_of(postponement)},
            organisation=lambda postponement: postponement.round.decision.organisation_id,
        ),
        Kind(
            name="closure",
            rows=lambda: Closure.objects.select_related("round__decision"),
            fact=lambda closure: {"closure": columns_of(closure)},
            organisation=lambda closure: closure.round.decision.organisation_id,
        ),
        Kind(
            name="hold",
            rows=lambda: Hold.objects.select_related("decision"),
            fact=lambda hold: {"hold": columns_of(hold)},
            organisation=lambda hold: hold.decision.organisation_id,
        ),
        Kind(
            name="release",
            rows=lambda: Release.objects.select_related("hold__decision"),
            fact=lambda release: {"release": columns_of(release)},
            organisation=lambda release: release.hold.decision.organisation_id,
        ),
        Kind(
            name="disclosure_mark",
            rows=lambda: DisclosureMark.objects.select_related("decision"),
            fact=lambda mark: {"disclosure_mark": columns_of(mark)},
            organisation=lambda mark: mark.decision.organisation_id,
        ),
        Kind(
            name="disposal_answer",
            rows=lambda: DisposalAnswer.objects.select_related("proposal"),
            fact=lambda answer: {"disposal_answer": columns_of(answer)},
            organisation=lambda answer: answer.proposal.organisation_id,
        ),
        Kind(
            name="retention_rule",
            rows=RetentionRule.objects.all,
            fact=lambda rule: {"retention_rule": columns_of(rule)},
            organisation=lambda rule: rule.organisation_id,
        ),
        Kind(
            name="disposal_proposal",
            rows=DisposalProposal.objects.all,
            fact=lambda proposal: {"disposal_proposal": columns_of(proposal)},
            organisation=lambda proposal: proposal.organisation_id,
        ),
        Kind(
            name="subject_access",
            rows=SubjectAccess.objects.all,
            fact=lambda prepared: {"subject_access": columns_of(prepared)},
            organisation=lambda prepared: prepared.organisation_id,
        ),
        Kind(
            name="share",
            rows=lambda: Share.objects.select_related("decision"),
            fact=lambda share: {"share": columns_of(share)},
            organisation=lambda share: share.decision.organisation_id,
        ),
        Kind(
            name="share_end",
            rows=lambda: ShareEnd.objects.select_related("share__decision"),
            fact=lambda end: {"share_end": columns_of(end)},
            organisation=lambda end: end.share.decision.organisation_id,
        ),
        Kind(
            name="hand_over",
            rows=HandOver.objects.all,
            fact=lambda hand_over: {"hand_over": columns_of(hand_over)},
            organisation=lambda hand_over: hand_over.organisation_id,
        ),
        Kind(
            name="access",
            rows=Access.objects.all,
            fact=lambda access: {"access": columns_of(access)},
            organisation=lambda access: access.organisation_id,
        ),
    ]
}


def kind_of(row: Model) -> Kind:
    """Raises LookupError for a row that is not of a recorded kind."""
    for kind in KINDS.values():
        if isinstance(row, kind.rows().model):
            return kind
    raise LookupError(f"{row._meta.label} is no recorded kind")
