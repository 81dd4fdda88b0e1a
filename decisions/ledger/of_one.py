"""What the ledger has of one decision, and whether it still agrees with the rows: in two queries."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import (
    CharField,
    F,
    Func,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)

from decisions.ledger.canonical import digest_of
from decisions.ledger.chain import BEFORE_THE_FIRST, Entry, digest_of_entry
from decisions.ledger.facts import KINDS, Kind
from decisions.ledger.verification import UNREADABLE
from decisions.models import Decision, HandOver, LedgerEntry, Round
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
    """Recomputed from every row that is recorded of this decision, and from their entries and the ones before them."""
    stored = {(kind, key): row for kind, key, row in _rows(decision)}
    entries = list(_entries(decision, stored))
    entered = {(entry.kind, entry.subject) for entry, _ in entries}
    faults = [
        *(fault for entry, before in entries for fault in _of_entry(entry, before)),
        *(
            f"{entry.kind} {entry.subject} is not as it was recorded."
            for entry, _ in entries
            if _digest(decision, entry.kind, stored[entry.kind, entry.subject]) != entry.fact
        ),
        *(
            f"{kind} {key} was inserted: the ledger has no entry of it."
            for kind, key in stored
            if (kind, key) not in entered
        ),
    ]
    return LedgerState(tuple(entry for entry, _ in entries), tuple(faults))


class RowAsJSON(Func):
    """A whole row of the table that is asked, but for what PostgreSQL computes in it."""

    output_field = JSONField()

    def __init__(self, model: type[Model]) -> None:
        computed = [field.column for field in model._meta.concrete_fields if field.generated]
        without = "".join(f" - '{column}'" for column in computed)
        super().__init__(template=f'(to_jsonb("{model._meta.db_table}"){without})')


def _rows(decision: Decision) -> QuerySet[Any, tuple[str, int, dict[str, Any]]]:
    """Every recorded row that hangs on it, with its kind."""
    from decisions.actions.retention import hanging_on  # the actions write in the ledger

    ways = dict(hanging_on(Decision))
    found = [
        kind.rows()
        .filter(**({"reference": decision.reference} if model is HandOver else {ways[model]: decision}))
        .select_related(None)
        .order_by()
        .annotate(
            of_kind=Value(kind.name, output_field=CharField()),
            whole=RowAsJSON(model),
        )
        .values_list("of_kind", "pk", "whole")
        for kind in KINDS.values()
        for model in [kind.rows().model]
        if model is HandOver or model in ways
    ]
    every: QuerySet[Any, tuple[str, int, dict[str, Any]]] = found[0].union(*found[1:], all=True)
    return every


def _entries(decision: Decision, stored: dict[tuple[str, int], Any]) -> Iterator[tuple[Entry, str | None]]:
    """In their order, each with the digest of the entry before it."""
    subjects = defaultdict(list)
    for kind, key in stored:
        subjects[kind].append(key)
    if not subjects:
        return
    named = reduce(operator.or_, (Q(kind=kind, subject__in=keys) for kind, keys in subjects.items()))
    before = LedgerEntry.objects.filter(
        organisation=OuterRef("organisation"), sequence=OuterRef("sequence") - 1
    )
    at = Func(
        F("at"),
        template=f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{AT_IN_WORDS}')",
        output_field=TextField(),
    )
    values = (
        LedgerEntry.objects.filter(named, organisation=decision.organisation_id)
        .order_by("sequence")
        .annotate(at_in_words=at, digest_before=Subquery(before.values("digest")))
        .values_list(
            "id", "organisation_id", "sequence", "kind", "subject", "at_in_words", "actor_id", "fact",
            "previous", "digest", "digest_before",
        )
    )  # fmt: skip
    for row in values:
        yield Entry(*row[:-1]), row[-1]


def _of_entry(entry: Entry, before: str | None) -> Iterator[str]:
    follows = before if entry.sequence > 1 else BEFORE_THE_FIRST
    if follows is None:
        yield f"Entry {entry.sequence - 1} is missing."
    elif entry.previous != follows:
        yield f"Entry {entry.sequence} does not follow the entry before it."
    if digest_of_entry(entry) != entry.digest:
        yield f"Entry {entry.sequence} is not as it was written."


def _digest(decision: Decision, name: str, stored: dict[str, Any]) -> str | None:
    kind: Kind = KINDS[name]
    model = kind.rows().model
    by_column = {field.column: field.attname for field in model._meta.concrete_fields}
    try:
        row = model(**{by_column[column]: value for column, value in stored.items()})
        if isinstance(row, Round):
            row.decision = decision
        return digest_of(kind.fact(row))
    except UNREADABLE:
        return None
