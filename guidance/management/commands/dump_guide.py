from __future__ import annotations

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guidance.dumping import write_folder
from guidance.models import GuideVersion
from guidance.stored import stored_guide


class Command(BaseCommand):
    help = "Write the published version of a date as a folder of files, which load_guide reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", type=datetime.date.fromisoformat, help="for example 2026-03-20")
        parser.add_argument("path", type=Path, help="a folder that is not there yet, or is empty")

    def handle(self, *args: Any, date: datetime.date, path: Path, **options: Any) -> None:
        version = GuideVersion.objects.published().filter(date=date).first()
        if version is None:
            dates = ", ".join(f"{each.date}" for each in GuideVersion.objects.published())
            raise CommandError(f"There is no published version of {date}. There are: {dates or 'none'}.")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CommandError(f"{path} is there already and is not an empty folder. Nothing was written.")
        try:
            write_folder(stored_guide(version), path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(self.style.SUCCESS(f"Written to {path}: {version}."))
