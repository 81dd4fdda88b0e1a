"""The PostgreSQL of the tests, where `DATABASE_URL` names none: in `.data`, with an installation in it to be copied.

Installing takes longer than a thousand tests do, and does the same each time: what it leaves is kept until any code of
the product, or the version of a package, is another. `python -m tests.database_server` prepares it, so that `make test`
can before the workers start.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sharingwell.database.address import parse_address
from sharingwell.dev.postgres import running_local_database
from tests.installation import ROOT, install

KEPT = ROOT / ".data" / "test-installed"
WHAT_MAKES_IT = [
    "sharingwell/**/*.py",
    "guidance/**/*.py",
    "decisions/**/*.py",
    "tests/installation.py",
    "requirements-dev.txt",
]
INSTALLED = "installed"


@contextmanager
def running_database_server() -> Iterator[str]:
    """Its address. Whoever runs tests at the same time shares it; the last one to end stops it, and all is gone."""
    with running_local_database(
        ROOT / ".data" / "test-postgres", throwaway=True, template=_installed
    ) as address:
        yield address


def _installed() -> Path:
    """A stopped cluster with the installation. Whoever asks holds the lock of the cluster that it is copied to."""
    kept = KEPT / _digest()
    if not kept.exists():
        if KEPT.exists():
            shutil.rmtree(KEPT)
        making = kept.with_name("being-made")
        with running_local_database(making, non_durable=True) as address:
            install(parse_address(address), INSTALLED)
        making.rename(kept)
    return kept


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in WHAT_MAKES_IT for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    with running_database_server():
        print("PostgreSQL for the tests: with an installation to be copied")
