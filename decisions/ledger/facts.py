"""Kinds of recorded facts: their rows, organisation and content.

A fact holds every column of its row, so that no edit goes unnoticed. To keep the digests of old facts stable when
tables grow, it leaves out null columns, columns added later while they have the default given to older rows
(`ADDED_LATER`), and generated columns. Columns of recorded tables are never removed or renamed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet

from decisions.ledger.canonical import Fact, plain
from decisions.models import (
    Access,
    Advice,
    AdviceStep,
    AdviceTarget,
    Closure,
    DisclosureMark,
    DisposalAnswer,
    DisposalProposal,
    ExampleOrigin,
    Export,
    ExportEnd,
    FollowUp,
    HandOver,
    Hold,
    Postponement,
    Release,
    RetentionRule,
    Review,
    Round,
    SampleRule,
    Share,
    ShareEnd,
    SubjectAccess,
)

# Defaults that older rows received for non-null columns added later, by table and column.
ADDED_LATER: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of recorded fact. `rows` are its recorded rows, with the relations that `fact` and `organisation` use.

    `reference` is the lookup of the decision's reference; empty for kinds not part of a decision.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    fact: Callable[[Any], Fact]
    organisation: Callable[[Any], int]
    reference: str = ""


def columns_of(row: Model) -> dict[str, Any]:
    """Non-null columns of a row by database name."""
    columns = {}
    for field in row._meta.concrete_fields:
        if field.generated:
            continue
        name, value = str(field.column), plain(field.to_python(getattr(row, field.attname)))
        if value is not None and value != ADDED_LATER.get((row._meta.db_table, name)):
            columns[name] = value
    return columns


def round_fact(round: Round) -> Fact:
    """Columns of the round and its decision, whose description is final with the first record."""
    return {"round": columns_of(round), "decision": columns_of(round.decision)}


def _kind(name: str, model: type[Model], *, through: str = "", reference: str = "") -> Kind:
    """Kind of an append-only table, each row a fact. `through` is the lookup of the row with the organisation."""

    def rows() -> QuerySet[Any]:
        rows = model._default_manager.all()
        return rows.select_related(through) if through else rows

    return Kind(
        name=name,
        rows=rows,
        fact=lambda row: {name: columns_of(row)},
        organisation=attrgetter(".".join([*filter(None, through.split("__")), "organisation_id"])),
        reference=f"{through}__reference" if through.endswith("decision") else reference,
    )


KINDS = {
    kind.name: kind
    for kind in [
        Kind(
            name="round",
            rows=lambda: Round.objects.recorded().select_related("decision"),
            fact=round_fact,
            organisation=lambda round: round.decision.organisation_id,
            reference="decision__reference",
        ),
        _kind("follow_up", FollowUp, through="decision"),
        _kind("postponement", Postponement, through="round__decision"),
        _kind("closure", Closure, through="round__decision"),
        _kind("example_origin", ExampleOrigin, through="review__round__decision"),
        _kind("review", Review, through="round__decision"),
        _kind("sample_rule", SampleRule),
        _kind("export", Export),
        _kind("export_end", ExportEnd, through="export"),
        _kind("hold", Hold, through="decision"),
        _kind("release", Release, through="hold__decision"),
        _kind("disclosure_mark", DisclosureMark, through="decision"),
        _kind("disposal_answer", DisposalAnswer, through="proposal"),
        _kind("retention_rule", RetentionRule),
        _kind("disposal_proposal", DisposalProposal),
        _kind("subject_access", SubjectAccess),
        _kind("share", Share, through="decision"),
        _kind("share_end", ShareEnd, through="share__decision"),
        _kind("hand_over", HandOver, reference="decision"),
        _kind("advice", Advice, through="decision"),
        _kind("advice_step", AdviceStep, through="advice__decision"),
        _kind("advice_target", AdviceTarget),
        _kind("access", Access),
    ]
}


KIND_OF_MODEL = {kind.rows().model: kind for kind in KINDS.values()}


def kind_of(row: Model) -> Kind:
    """The kind of a row. Raises LookupError if it is not recorded."""
    kind = KIND_OF_MODEL.get(type(row))
    if kind is None:
        raise LookupError(f"{row._meta.label} is no recorded kind")
    return kind
