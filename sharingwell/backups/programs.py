"""PostgreSQL's own programs, of the server's version, for the database and the role that Django is connected with."""

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
        """What it prints. Raises BackupRefused with what it says of an error."""
        done = subprocess.run(  # noqa: S603  # our own programs and arguments
            self.command(name, *arguments), env=environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackupRefused(f"{name} failed: {done.stderr.strip()}")
        return done.stdout


def server_version() -> int:
    """The number before the point."""
    version: int = connection.pg_version  # type: ignore[attr-defined]  # of Django's backend for PostgreSQL
    return version // 10_000


def programs() -> Programs:
    """Those that came with the embedded PostgreSQL, or those on the PATH: of the same version as the server."""
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
    said = subprocess.run([str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else None


def environment() -> dict[str, str]:
    """Where the database is and as whom, for the programs: nothing of it is seen in the list of processes.

    They see every organisation, as the owner may who asks for it.
    """
    given = connection.get_connection_params()
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    said = {names[name]: str(value) for name, value in given.items() if name in names and value is not None}
    said["PGOPTIONS"] = f"{said.get('PGOPTIONS', '')} -c sharingwell.every_organisation=on".strip()
    return {**os.environ, **said}
