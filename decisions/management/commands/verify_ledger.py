from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from decisions.ledger.checkpoints import Checkpoint, NotACheckpoint, read_checkpoints
from decisions.ledger.verification import Verification
from sharingwell.tenancy.owner import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Recompute the whole ledger from the rows themselves, and name every entry where one was altered, removed, "
        "inserted or moved. Exits with 1 where anything is wrong. docs/ledger.md says what it proves."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            metavar="FILE|VALUE",
            help="What ledger_checkpoint printed, or a file of it: proves that nothing was cut off the end.",
        )

    def handle(self, *args: Any, checkpoint: list[str], **options: Any) -> None:
        verification = Verification([each for given in checkpoint for each in _checkpoints(given)])
        faults = 0
        began = time.monotonic()
        with transaction.atomic():
            _use_snapshot()
            for fault in verification.faults():
                faults += 1
                self.stdout.write(f"{'First: ' if faults == 1 else ''}{fault}")
        if not verification.checked:
            self.stdout.write("The ledger is empty. Only a checkpoint can show whether it always was.")
        seconds = time.monotonic() - began
        checked = f"Checked {verification.checked:,} entries in {seconds:.1f} s"
        rate = f"{verification.checked / max(seconds, 0.001):,.0f} a second"
        found = "nothing wrong" if not faults else f"{faults:,} fault{'s' if faults > 1 else ''}"
        self.stdout.write(f"{checked} ({rate}): {found}.")
        if faults:
            sys.exit(1)


def _checkpoints(given: str) -> list[Checkpoint]:
    try:
        return read_checkpoints(given)
    except NotACheckpoint:
        pass
    try:
        return read_checkpoints(Path(given).read_text(encoding="utf-8"))
    except NotACheckpoint as error:
        raise CommandError(f"{given}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{given} is neither a checkpoint nor a file of them.") from error


def _use_snapshot() -> None:
    """Read one snapshot of the database. Inside an outer transaction (tests), its isolation level applies."""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
