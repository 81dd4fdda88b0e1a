from typing import Any

from django.core.management.base import BaseCommand

from decisions.demonstration import add_demonstration_data


class Command(BaseCommand):
    help = "Add invented organisations, people and decisions. The sign-ins are public: never where real data is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        added = add_demonstration_data()
        self.stdout.write(
            f"Added {added} invented decisions." if added else "Demonstration data is there already."
        )
