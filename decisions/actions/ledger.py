"""The only writer of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from decisions.ledger.canonical import digest_of
from decisions.ledger.facts import kind_of
from decisions.models import LedgerEntry

if TYPE_CHECKING:
    from django.db.models import Model

    from sharingwell.accounts.models import User


def record_in_ledger(*, by: User, row: Model) -> LedgerEntry:
    """Enters a row as reloaded from the database, as the last step of the transaction that records it.

    Locks the organisation's chain until the transaction ends.
    """
    assert transaction.get_connection().in_atomic_block
    return LedgerEntry.objects.create(**_entry(by, row))


def record_all_in_ledger(*, by: User, rows: Iterable[Model]) -> list[LedgerEntry]:
    """Enters several rows in one statement, in this order."""
    assert transaction.get_connection().in_atomic_block
    return LedgerEntry.objects.bulk_create(LedgerEntry(**_entry(by, row)) for row in rows)


def _entry(by: User, row: Model) -> dict[str, Any]:
    kind = kind_of(row)
    return {
        "organisation_id": kind.organisation(row),
        "kind": kind.name,
        "subject": row.pk,
        "actor": by,
        "fact": digest_of(kind.fact(row)),
    }
