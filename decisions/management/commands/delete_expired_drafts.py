from __future__ import annotations

from typing import Any

from decisions import actions
from sharingwell.tenancy.owner import OwnerCommand


class Command(OwnerCommand):
    help = (
        "Remove drafts in which nobody has written for DRAFTS_REMOVED_AFTER_DAYS days (60); their writers have seen it "
        "announced since day 30. To be run every day. What is recorded, and what is on legal hold, stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        removed = actions.delete_expired_drafts()
        self.stdout.write(f"{removed:,} draft{'' if removed == 1 else 's'} removed.")
