"""Runs PostgreSQL's client programs, of the server's version, with Django's connection settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg import pq

from sharingwell.backups.manifest import BackupRefused
from sharingwell.dev.postgres import embedded_programs


@dataclass(frozen=True)
class Programs:
    folder: Path

    def command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.folder / name), *arguments]

    def run(self, name: str, *arguments: str) -> str:
        """Returns the standard output. Raises BackupRefused with the standard error when the program fails."""
        result = subprocess.run(  # noqa: S603  # our own programs and arguments
            self.command(name, *arguments), env=environment(), capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise BackupRefused(f"{name} failed: {result.stderr.strip()}")
        return result.stdout


def server_version() -> int:
    """Major version of the server."""
    version: int = connection.pg_version  # type: ignore[attr-defined]  # of Django's backend for PostgreSQL
    return version // 10_000


def programs() -> Programs:
    """Finds the programs of the server's version: of the embedded PostgreSQL, or on the PATH. Raises BackupRefused."""
    version = server_version()
    on_path = shutil.which("pg_dump")
    for folder in [embedded_programs(), Path(on_path).parent if on_path else None]:
        if folder is not None and (folder / "psql").exists() and _version_in(folder) == version:
            return Programs(folder)
    raise BackupRefused(
        f"The server is PostgreSQL {version}, and its programs are not here: put the folder with its pg_dump, "
        "pg_restore and psql first on the PATH."
    )


def _version_in(folder: Path) -> int | None:
    program = str(folder / "pg_dump")
    output = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", output)
    return int(found[1]) if found else None


def environment() -> dict[str, str]:
    """Environment variables of libpq for Django's connection, so that nothing of it shows in the process list.

    Sets the owner's setting to read every organisation.
    """
    params = connection.get_connection_params()
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    variables = {
        names[name]: str(value) for name, value in params.items() if name in names and value is not None
    }
    variables["PGOPTIONS"] = f"{variables.get('PGOPTIONS', '')} -c sharingwell.every_organisation=on".strip()
    return {**os.environ, **variables}
