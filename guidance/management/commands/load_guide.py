from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guidance.loading import VersionTaken, load_guide
from guidance.problems import BadContent


class Command(BaseCommand):
    help = "Publish the version of the guide in a folder. Safe to repeat; on bad content nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="for example guidance/content/2026-03-20")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            loaded = load_guide(path)
        except BadContent as error:
            raise CommandError(f"Nothing was changed. Please put right in {path}:\n{error}") from error
        except VersionTaken as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        if loaded.is_new:
            self.stdout.write(self.style.SUCCESS(f"Published: {loaded.version}."))
        else:
            self.stdout.write(f"Already loaded, nothing changed: {loaded.version}.")
