"""Verification of the ledger against the recorded rows, in constant memory."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import DatabaseError
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, TextField, Value

from decisions.ledger.canonical import digest_of
from decisions.ledger.chain import Entry, Fault, faults_of_entry
from decisions.ledger.checkpoints import Checkpoint
from decisions.ledger.disposals import disposed_of, faults_of_disposals
from decisions.ledger.facts import KINDS, Kind
from decisions.models import Decision, LedgerEntry
from decisions.models.ledger import TIMESTAMP_FORMAT
from sharingwell.database.protections import missing_protections

ALL = Q()
CHUNK_SIZE = 500  # entries held in memory with their rows
UNREADABLE = (
    DatabaseError,
    ValueError,
    OverflowError,
    RecursionError,
)  # errors of reading forged values


class Verification:
    """One verification pass: `faults()` yields faults, `checked` counts entries."""

    def __init__(self, checkpoints: Iterable[Checkpoint] = ()) -> None:
        self.checked = 0
        self._checkpoints: dict[tuple[int, int], list[Checkpoint]] = defaultdict(list)
        for checkpoint in checkpoints:
            self._checkpoints[checkpoint.organisation, checkpoint.sequence].append(checkpoint)

    def faults(self) -> Iterator[Fault]:
        yield from self._faults_of_chains()
        for kind in KINDS.values():
            yield from _rows_without_entry(kind)
        yield from faults_of_disposals()
        yield from (Fault(None, None, each) for each in missing_protections())

    def _faults_of_chains(self) -> Iterator[Fault]:
        before: Entry | None = None
        entries = stored_entries()
        while chunk := list(islice(entries, CHUNK_SIZE)):
            digests = _digests_of_rows(chunk)
            disposed = disposed_of(
                [each for each in chunk if each.kind in KINDS and (each.kind, each.subject) not in digests]
            )
            for entry in chunk:
                if before and before.organisation != entry.organisation:
                    before = None
                yield from faults_of_entry(before, entry)
                if entry.id not in disposed:
                    yield from _fault_of_row(entry, digests)
                for checkpoint in self._checkpoints.pop((entry.organisation, entry.sequence), []):
                    if checkpoint.digest != entry.digest:
                        yield Fault(
                            entry.organisation, entry.sequence, "it is not the entry of the checkpoint."
                        )
                self.checked += 1
                before = entry
        for organisation, sequence in sorted(self._checkpoints):
            yield Fault(organisation, sequence, "the entry of the checkpoint is gone: the end was cut off.")


@dataclass(frozen=True)
class LedgerState:
    """Entries of one decision and their faults, without the access log."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    @property
    def is_intact(self) -> bool:
        return not self.faults


def ledger_state(decision: Decision) -> LedgerState:
    """Verifies all facts of one decision. Takes three queries, and one for each kind present."""
    keys = _recorded_of(decision)
    found, before = _entries_of(keys)
    digests = {
        (name, key): digest for name, subjects in keys.items() for key, digest in _read(KINDS[name], subjects)
    }
    faults = [
        fault
        for entry in found
        for fault in [*faults_of_entry(before.get(entry.id), entry), *_fault_of_row(entry, digests)]
    ]
    entered = {(entry.kind, entry.subject) for entry in found}
    faults += [
        _without_entry(name, key)
        for name, subjects in keys.items()
        for key in sorted(subjects)
        if (name, key) not in entered
    ]
    return LedgerState(tuple(found), tuple(faults))


def _recorded_of(decision: Decision) -> dict[str, set[int]]:
    """Keys of recorded rows by kind."""
    rows = [
        kind.rows()
        .filter(**{kind.reference: decision.reference})
        .select_related(None)
        .order_by()
        .values_list(Value(kind.name), "pk")
        for kind in KINDS.values()
        if kind.reference
    ]
    keys = defaultdict(set)
    for name, key in rows[0].union(*rows[1:], all=True):
        keys[name].add(key)
    return keys


def _entries_of(keys: dict[str, set[int]]) -> tuple[list[Entry], dict[int, Entry]]:
    """Entries of these rows in order, and the previous entry of the chain by each id."""
    if not keys:
        return [], {}
    conditions = reduce(operator.or_, (Q(kind=name, subject__in=subjects) for name, subjects in keys.items()))
    earlier = LedgerEntry.objects.filter(
        organisation=OuterRef("organisation"), sequence__lt=OuterRef("sequence")
    ).order_by("-sequence")
    before = dict(
        LedgerEntry.objects.filter(conditions)
        .order_by()
        .values_list("pk", Subquery(earlier.values("pk")[:1]))
    )
    entries = {each.id: each for each in stored_entries(Q(pk__in={*before, *before.values()} - {None}))}
    own = sorted((entries[key] for key in before), key=attrgetter("sequence"))
    return own, {key: entries[earlier] for key, earlier in before.items() if earlier is not None}


def stored_entries(condition: Q = ALL) -> Iterator[Entry]:
    """Streams entries in chain order."""
    at = Func(F("at"), template=f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{TIMESTAMP_FORMAT}')")
    at.output_field = TextField()
    values = (
        LedgerEntry.objects.filter(condition)
        .order_by("organisation_id", "sequence")
        .annotate(at_text=at)
        .values_list(
            "id", "organisation_id", "sequence", "kind", "subject", "at_text", "actor_id", "fact",
            "previous", "digest",
        )
    )  # fmt: skip
    return (Entry(*row) for row in values.iterator(chunk_size=CHUNK_SIZE))


def heads() -> list[Checkpoint]:
    """The last entry of each organisation."""
    last = LedgerEntry.objects.order_by("organisation_id", "-sequence").distinct("organisation_id")
    return [Checkpoint(*values) for values in last.values_list("organisation_id", "sequence", "digest")]


Digests = dict[tuple[str, int], tuple[int, str] | None]


def _digests_of_rows(entries: list[Entry]) -> Digests:
    """Organisation and digest of each row by kind and key; None if the row cannot be read."""
    subjects = defaultdict(set)
    for entry in entries:
        subjects[entry.kind].add(entry.subject)
    return {
        (name, key): found
        for name, keys in subjects.items()
        if name in KINDS
        for key, found in _read(KINDS[name], keys)
    }


def _read(kind: Kind, keys: set[int]) -> Iterator[tuple[int, tuple[int, str] | None]]:
    try:
        rows = list(kind.rows().filter(pk__in=keys))
    except UNREADABLE:
        for key in keys:
            yield from _read(kind, {key}) if len(keys) > 1 else [(key, None)]
        return
    for row in rows:
        yield row.pk, _digest_of_row(kind, row)


def _digest_of_row(kind: Kind, row: Any) -> tuple[int, str] | None:
    try:
        return kind.organisation(row), digest_of(kind.fact(row))
    except UNREADABLE:
        return None


def _fault_of_row(entry: Entry, digests: Digests) -> Iterator[Fault]:
    name = f"{entry.kind} {entry.subject}"
    if entry.kind not in KINDS:
        yield Fault(entry.organisation, entry.sequence, f"nothing is known of the kind of {name}.")
    elif (entry.kind, entry.subject) not in digests:
        yield Fault(entry.organisation, entry.sequence, f"{name} was removed.")
    elif digests[entry.kind, entry.subject] != (entry.organisation, entry.fact):
        yield Fault(entry.organisation, entry.sequence, f"{name} is not as it was recorded.")


def _rows_without_entry(kind: Kind) -> Iterator[Fault]:
    entered = LedgerEntry.objects.filter(kind=kind.name, subject=OuterRef("pk"))
    keys = kind.rows().filter(~Exists(entered)).order_by("pk").values_list("pk", flat=True)
    for key in keys.iterator(chunk_size=CHUNK_SIZE):
        yield _without_entry(kind.name, key)


def _without_entry(name: str, key: int) -> Fault:
    return Fault(None, None, f"{name} {key} was inserted: the ledger has no entry of it.")
