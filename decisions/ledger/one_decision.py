"""What the ledger has of one decision, and whether it still agrees with the rows: in one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import CharField, F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONObject

from decisions.ledger.canonical import digest_of
from decisions.ledger.chain import BEFORE_THE_FIRST, Entry, digest_of_entry
from decisions.ledger.facts import KINDS, Kind
from decisions.ledger.verification import UNREADABLE
from decisions.models import Decision, HandOver, LedgerEntry, Round
from decisions.models.as_json import RowAsJSON, row_from_json
from decisions.models.ledger import AT_IN_WORDS


@dataclass(frozen=True)
class LedgerState:
    """`entries` are those of what is recorded of it, looks at it left out: they are verified with the whole ledger."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def ledger_state(decision: Decision) -> LedgerState:
    """Recomputed from every row that is recorded of this decision, its entry, and the digest of the one before."""
    entries, faults = [], []
    for kind, key, row, stored, digest_before in _rows(decision):
        if stored is None:
            faults.append(f"{kind} {key} was inserted: the ledger has no entry of it.")
            continue
        entry = Entry(**stored)
        entries.append(entry)
        faults += _of_entry(entry, digest_before)
        if entry.organisation != decision.organisation_id or _digest(decision, kind, row) != entry.fact:
            faults.append(f"{kind} {key} is not as it was recorded.")
    return LedgerState(tuple(sorted(entries, key=attrgetter("sequence"))), tuple(faults))


Recorded = tuple[str, int, dict[str, Any], dict[str, Any] | None, str | None]


def _rows(decision: Decision) -> QuerySet[Any, Recorded]:
    """Every recorded row that hangs on it: its kind, key and columns, its entry, and the digest of the one before."""
    from decisions.actions.retention import related_models  # the actions write in the ledger

    ways = dict(related_models(Decision))
    found = [
        kind.rows()
        .filter(**({"reference": decision.reference} if model is HandOver else {ways[model]: decision}))
        .select_related(None)
        .order_by()
        .annotate(
            of_kind=Value(kind.name, output_field=CharField()),
            whole=RowAsJSON(model),
            entry=Subquery(_entry_of(kind).values(whole=AN_ENTRY)),
            digest_before=Subquery(_entry_of(kind).values(digest_before=Subquery(BEFORE.values("digest")))),
        )
        .values_list("of_kind", "pk", "whole", "entry", "digest_before")
        for kind in KINDS.values()
        for model in [kind.rows().model]
        if model is HandOver or model in ways
    ]
    every: QuerySet[Any, Recorded] = found[0].union(*found[1:], all=True)
    return every


AT = Func(
    F("at"),
    template=f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{AT_IN_WORDS}')",
    output_field=TextField(),
)
AN_ENTRY = JSONObject(
    id="id",
    organisation="organisation_id",
    sequence="sequence",
    kind="kind",
    subject="subject",
    at=Func(
        F("at"),
        template=f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{AT_IN_WORDS}')",
        output_field=TextField(),
    ),
    actor="actor_id",
    fact="fact",
    previous="previous",
    digest="digest",
)
BEFORE = LedgerEntry.objects.filter(
    organisation=OuterRef("organisation"), sequence=OuterRef("sequence") - 1
).order_by()


def _entry_of(kind: Kind) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(kind=kind.name, subject=OuterRef("pk")).order_by()


def _of_entry(entry: Entry, before: str | None) -> Iterator[str]:
    follows = before if entry.sequence > 1 else BEFORE_THE_FIRST
    if follows is None:
        yield f"Entry {entry.sequence - 1} is missing."
    elif entry.previous != follows:
        yield f"Entry {entry.sequence} does not follow the entry before it."
    if digest_of_entry(entry) != entry.digest:
        yield f"Entry {entry.sequence} is not as it was written."


def _digest(decision: Decision, name: str, columns: dict[str, Any]) -> str | None:
    kind = KINDS[name]
    try:
        row = row_from_json(kind.rows().model, columns)
        if isinstance(row, Round):
            row.decision = decision
        return digest_of(kind.fact(row))
    except UNREADABLE:
        return None
