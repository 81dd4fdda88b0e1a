from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guidance.content.problems import BadContent
from guidance.editing.loading import VersionTaken, load_guide
from guidance.editing.publishing import CannotPublish


class Command(BaseCommand):
    help = (
        "Publish the version of the guide in a folder, or make it a draft. Safe to repeat; on bad content nothing "
        "changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="for example guidance/content/2026-03-20")
        parser.add_argument(
            "--draft", action="store_true", help="make it a draft, for guide editors to look at and publish"
        )

    def handle(self, *args: Any, path: Path, draft: bool, **options: Any) -> None:
        try:
            loaded = load_guide(path, as_draft=draft)
        except BadContent as error:
            raise CommandError(f"Nothing was changed. Please put right in {path}:\n{error}") from error
        except (VersionTaken, CannotPublish) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        if draft:
            self.stdout.write(self.style.SUCCESS(f"Loaded as draft {loaded.version.pk}: {loaded.version}."))
        elif loaded.is_new:
            self.stdout.write(self.style.SUCCESS(f"Published: {loaded.version}."))
        else:
            self.stdout.write(f"Already loaded, nothing changed: {loaded.version}.")
