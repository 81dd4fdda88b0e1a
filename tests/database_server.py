"""The PostgreSQL of the tests, where `DATABASE_URL` names none: with a database in it that is migrated, to be copied.

Migrating takes longer than a thousand tests do, and does the same each time: what it leaves is kept until any code of
the product, or the version of a package, is another. `python -m tests.database_server` prepares it, so that `make test`
can before the workers start.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from sharingwell.local_database import local_database_url, running_local_database

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
WHAT_MAKES_IT = ["sharingwell/**/*.py", "guidance/**/*.py", "decisions/**/*.py", "requirements-dev.txt"]
MIGRATED = "migrated"


@contextmanager
def running_database_server() -> Iterator[str]:
    """Its address. Whoever runs tests at the same time shares it; the last one to end stops it, and all is gone."""
    with running_local_database(
        DATA / "test-postgres", throwaway=True, made_from=_migrated_cluster
    ) as address:
        yield address


def _migrated_cluster() -> Path:
    """One that is stopped, with the database. Whoever asks holds the lock of the cluster that it is copied to."""
    kept = DATA / "test-migrated" / _digest()
    if not kept.exists():
        if kept.parent.exists():
            shutil.rmtree(kept.parent)
        making = kept.with_name("being-made")
        with running_local_database(making, throwaway=True) as address:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {MIGRATED}")
            _migrate(local_database_url(making, MIGRATED))
        making.rename(kept)
    return kept


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in WHAT_MAKES_IT for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": address},
        check=True,
    )


if __name__ == "__main__":
    with running_database_server():
        print("PostgreSQL for the tests: with a database that is migrated")
