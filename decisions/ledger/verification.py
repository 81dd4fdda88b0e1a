"""Whether the ledger and what it is about still agree, recomputed from the rows themselves in constant memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import DatabaseError
from django.db.models import Exists, F, Func, OuterRef, TextField

from decisions.ledger.canonical import digest_of
from decisions.ledger.chain import Entry, Fault, faults_of_entry
from decisions.ledger.checkpoints import Checkpoint
from decisions.ledger.disposals import disposed_of, faults_of_disposals
from decisions.ledger.facts import KINDS, Kind
from decisions.models import LedgerEntry
from decisions.models.ledger import AT_IN_WORDS
from sharingwell.database.protections import missing_protections

AT_ONCE = 500  # entries, with their rows, held in memory
UNREADABLE = (
    DatabaseError,
    ValueError,
    OverflowError,
    RecursionError,
)  # what a forged value can raise when read


class Verification:
    """One pass over everything: `faults()` names what is wrong, `checked` counts the entries."""

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
        while together := list(islice(entries, AT_ONCE)):
            digests = _digests_of_rows(together)
            gone = disposed_of(
                [each for each in together if each.kind in KINDS and (each.kind, each.subject) not in digests]
            )
            for entry in together:
                if before and before.organisation != entry.organisation:
                    before = None
                yield from faults_of_entry(before, entry)
                if entry.id not in gone:
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


def stored_entries() -> Iterator[Entry]:
    """All there are, chain by chain, streamed from the database."""
    at = Func(F("at"), template=f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{AT_IN_WORDS}')")
    at.output_field = TextField()
    values = (
        LedgerEntry.objects.order_by("organisation_id", "sequence")
        .annotate(at_in_words=at)
        .values_list(
            "id", "organisation_id", "sequence", "kind", "subject", "at_in_words", "actor_id", "fact",
            "previous", "digest",
        )
    )  # fmt: skip
    return (Entry(*row) for row in values.iterator(chunk_size=AT_ONCE))


def heads() -> list[Checkpoint]:
    """The last entry of each organisation."""
    last = LedgerEntry.objects.order_by("organisation_id", "-sequence").distinct("organisation_id")
    return [Checkpoint(*values) for values in last.values_list("organisation_id", "sequence", "digest")]


Digests = dict[tuple[str, int], tuple[int, str] | None]


def _digests_of_rows(entries: list[Entry]) -> Digests:
    """By kind and subject: whose the row is and the digest of the fact it is now; None for one that says no fact."""
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
    for key in keys.iterator(chunk_size=AT_ONCE):
        yield Fault(None, None, f"{kind.name} {key} was inserted: the ledger has no entry of it.")
