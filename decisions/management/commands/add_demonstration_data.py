from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from decisions.demonstration import add_demonstration_data


class Command(BaseCommand):
    help = "Add invented organisations, people and decisions. The sign-ins are public: never where real data is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError(
                "Demonstration data is for local work only: its people's passwords are public. "
                "Nothing was added. Set SHARINGWELL_LOCAL=true only where no real data is kept."
            )
        added = add_demonstration_data()
        self.stdout.write(
            f"Added {added} invented decisions." if added else "Demonstration data is there already."
        )
