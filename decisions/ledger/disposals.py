"""Rows deleted by a disposal: their entries remain, and the disposal's own entry accounts for them."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from decisions.ledger.chain import Entry, Fault
from decisions.ledger.facts import KINDS
from decisions.models import Decision, DisposalAnswer, LedgerEntry

MAX_KEY = 2**63 - 1  # largest bigint


def disposed_of(missing: list[Entry]) -> set[int]:
    """Ids of entries with missing rows that a later disposal in the same chain accounts for.

    The disposal itself is verified with its own entry.
    """
    if not missing:
        return set()
    named = reduce(operator.or_, (Q(removed__contains={each.kind: [each.subject]}) for each in missing))
    disposed = defaultdict(list)
    for organisation, sequence, removed in (
        _disposals().filter(named, sequence__isnull=False).values_list("organisation", "sequence", "removed")
    ):
        for kind, key in _named_in(removed):
            disposed[kind, key].append((organisation, sequence))
    return {
        entry.id
        for entry in missing
        if any(
            organisation == entry.organisation and sequence > entry.sequence
            for organisation, sequence in disposed[entry.kind, entry.subject]
        )
    }


def faults_of_disposals() -> Iterator[Fault]:
    """Finds disposed rows that exist: never deleted, or restored."""
    rows = (
        _disposals()
        .order_by("pk")
        .values_list("organisation", "sequence", "removed", "proposal__decision_key")
    )
    for organisation, sequence, removed, decision in rows.iterator(chunk_size=500):
        keys = defaultdict(set)
        for name, key in _named_in(removed):
            keys[name].add(key)
        for name, subjects in keys.items():
            for key in KINDS[name].rows().filter(pk__in=subjects).order_by("pk").values_list("pk", flat=True):
                yield Fault(organisation, sequence, f"{name} {key} was disposed of, and is there.")
        if Decision.objects.filter(pk=decision).exists():
            yield Fault(organisation, sequence, f"decision {decision} was disposed of, and is there.")


def _disposals() -> Any:
    """Confirmed disposals with the organisation and sequence of their entry."""
    entries = LedgerEntry.objects.filter(kind="disposal_answer", subject=OuterRef("pk"))
    return DisposalAnswer.objects.filter(confirmed=True).annotate(
        organisation=Subquery(entries.values("organisation")), sequence=Subquery(entries.values("sequence"))
    )


def _named_in(removed: Any) -> Iterator[tuple[str, int]]:
    """Kinds and keys in `removed`. Skips malformed values, which verification reports for the disposal itself."""
    if not isinstance(removed, dict):
        return
    for kind, keys in removed.items():
        if kind in KINDS and isinstance(keys, list):
            yield from ((kind, key) for key in keys if isinstance(key, int) and 0 < key <= MAX_KEY)
