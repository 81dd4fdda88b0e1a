"""Checkpoints: the last entry of each chain, stored outside the system. Pure.

Format: one line per organisation with its number, and the sequence and digest of its last entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE = re.compile(r"(?P<organisation>\d{1,18})[ \t:]+(?P<sequence>\d{1,18})[ \t:]+(?P<digest>[0-9a-f]{64})")


class NotACheckpoint(ValueError):
    """The text is not a checkpoint; the message names the line."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    organisation: int
    sequence: int
    digest: str

    def __str__(self) -> str:
        return f"{self.organisation} {self.sequence} {self.digest}"


def read_checkpoints(text: str) -> list[Checkpoint]:
    """Parses checkpoints, skipping empty lines and lines that begin with `#`. Raises NotACheckpoint."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise NotACheckpoint(f"Line {number} is not a checkpoint: an organisation, a sequence, a digest.")
        found.append(Checkpoint(int(match["organisation"]), int(match["sequence"]), match["digest"]))
    if not found:
        raise NotACheckpoint("There is no checkpoint in it.")
    return found
