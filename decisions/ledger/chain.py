"""The hash chain of ledger entries. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from decisions.ledger.canonical import digest_of

GENESIS_DIGEST = "0" * 64  # `previous` of the first entry


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored entry; `at` is in canonical form."""

    id: int
    organisation: int
    sequence: int
    kind: str
    subject: int
    at: str
    actor: int
    fact: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A difference from what was recorded. `sequence` is None if no entry is affected."""

    organisation: int | None
    sequence: int | None
    what: str

    def __str__(self) -> str:
        place = [
            *([f"Organisation {self.organisation}"] if self.organisation is not None else []),
            *([f"entry {self.sequence}"] if self.sequence is not None else []),
        ]
        return f"{', '.join(place)}: {self.what}" if place else self.what


def digest_of_entry(entry: Entry) -> str:
    """SHA-256 of the canonical form of all its fields except the digest."""
    values = asdict(entry)
    del values["digest"]
    return digest_of(values)


def faults_of_entry(before: Entry | None, entry: Entry) -> Iterator[Fault]:
    """Checks an entry, and its link to the previous entry of the organisation, if any."""
    expected = before.sequence + 1 if before else 1
    previous = before.digest if before else GENESIS_DIGEST
    if entry.sequence > expected:
        gap = f"entry {expected} is" if entry.sequence == expected + 1 else f"entries from {expected} are"
        yield Fault(entry.organisation, entry.sequence, f"{gap} missing before it.")
    elif entry.sequence < expected:
        yield Fault(entry.organisation, entry.sequence, "the entry is out of its place.")
    elif entry.previous != previous:
        yield Fault(entry.organisation, entry.sequence, "it does not follow the entry before it.")
    if _recomputed(entry) != entry.digest:
        yield Fault(entry.organisation, entry.sequence, "the entry is not as it was written.")


def _recomputed(entry: Entry) -> str | None:
    try:
        return digest_of_entry(entry)
    except ValueError:
        return None
