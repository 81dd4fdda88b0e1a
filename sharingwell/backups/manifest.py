"""Manifest of a backup: product, versions, roles, rows per table, and the head of each ledger."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

DUMP = "database.dump"
MANIFEST = "manifest.json"
Table = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$")]


class BackupRefused(Exception):
    """Raised when a backup cannot be made or restored. The message says why; nothing was changed."""


class Manifest(BaseModel):
    """`tables` holds rows per dumped table, `checkpoints` the last entry of each organisation's ledger."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    product: Literal["Sharing well"] = "Sharing well"
    format: Literal[1] = 1
    made_at: str
    postgresql: int
    owner: str
    roles: list[str]
    migrations: list[str]
    tables: dict[Table, int]
    checkpoints: list[str]
    sha256: str


def read_backup(path: Path) -> Manifest:
    """Reads the manifest and verifies the digest of the dump. Raises BackupRefused."""
    try:
        manifest = Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except OSError as error:
        raise BackupRefused(f"{path} is no backup: there is no {MANIFEST} in it that can be read.") from error
    except ValidationError as error:
        raise BackupRefused(f"{path} is no backup of this product, or its {MANIFEST} was changed.") from error
    try:
        digest = sha256_of(path / DUMP)
    except OSError as error:
        raise BackupRefused(f"{path} is no whole backup: {DUMP} cannot be read.") from error
    if digest != manifest.sha256:
        raise BackupRefused(f"{path} is damaged: {DUMP} is not what was written. Use another backup.")
    return manifest


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
