"""How entries hang together. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from decisions.ledger.canonical import digest_of

BEFORE_THE_FIRST = "0" * 64  # what the first entry of a chain has for the digest of the one before


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored; `at` as it is written in the canonical form."""

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
    """Something that is not as it was recorded. `sequence` is None where no entry can be named."""

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
    """SHA-256 of the canonical form of everything in it but the digest."""
    values = asdict(entry)
    del values["digest"]
    return digest_of(values)


def faults_of_entry(before: Entry | None, entry: Entry) -> Iterator[Fault]:
    """What is wrong with one entry, and between it and the one before in the same organisation, if any."""
    expected = before.sequence + 1 if before else 1
    previous = before.digest if before else BEFORE_THE_FIRST
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
