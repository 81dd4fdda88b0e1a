from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from decisions.ledger.verification import heads
from sharingwell.backups.backup import make_backup
from sharingwell.backups.manifest import BackupRefused
from sharingwell.tenancy.owner import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Write one moment of the whole database into a new folder, for manage.py restore. It holds everything that was "
        "ever written here: encrypt it, and keep it elsewhere. docs/running.md says how often."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="The folder, which is not there yet.")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            manifest = make_backup(path, checkpoints=heads)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        rows = sum(manifest.tables.values())
        chains = len(manifest.checkpoints)
        self.stdout.write(
            f"Backed up {rows:,} rows of {len(manifest.tables)} tables, with the ledgers of {chains} "
            f"organisation{'' if chains == 1 else 's'}, to {path}."
        )
