from __future__ import annotations

from typing import Any

from decisions.ledger.verification import heads
from sharingwell.tenancy.owner import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Print the last entry of each organisation's ledger: its number, sequence and digest. Keep it where nobody who "
        "could change the database can change it, and give it to verify_ledger --checkpoint later."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for head in heads():
            self.stdout.write(str(head))
