from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from sharingwell.backups.manifest import BackupRefused
from sharingwell.backups.restore import check_backup, restore_backup
from sharingwell.tenancy.owner import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Put back what manage.py backup wrote, bring it to this version of the product, and verify the ledger. What is "
        "no whole backup of this product is refused before anything is touched. Stop the servers first."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="The folder of the backup.")
        parser.add_argument(
            "--replace-everything",
            action="store_true",
            help="Delete for good everything that is in the database now. Without it, it has to be empty.",
        )

    def handle(self, *args: Any, path: Path, replace_everything: bool, **options: Any) -> None:
        try:
            manifest = check_backup(path, replace=replace_everything)
            restore_backup(path, manifest)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Restored {path}, made at {manifest.made_at}.")
        call_command("migrate", interactive=False, verbosity=0)
        checkpoints = [word for each in manifest.checkpoints for word in ["--checkpoint", each]]
        call_command("verify_ledger", *checkpoints, stdout=self.stdout)
