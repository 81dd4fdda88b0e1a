from __future__ import annotations

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from guidance.content.from_rows import draft_from_rows, guide_from_rows
from guidance.content.schema import DraftGuide
from guidance.content.writer import survives_round_trip, write_folder
from guidance.editing.drafts import read_draft
from guidance.models import GuideVersion


class Command(BaseCommand):
    help = "Write a published version, or with --draft a draft, as a folder of files, which load_guide reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "version", help="its date, for example 2026-03-20; with --draft the draft’s number"
        )
        parser.add_argument("path", type=Path, help="a folder that is not there yet, or is empty")
        parser.add_argument(
            "--draft", action="store_true", help="the draft of this number, for load_guide --draft"
        )

    def handle(self, *args: Any, version: str, path: Path, draft: bool, **options: Any) -> None:
        found, guide = _draft(version) if draft else _published(version)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CommandError(f"{path} is there already and is not an empty folder. Nothing was written.")
        try:
            write_folder(guide, path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(self.style.SUCCESS(f"Written to {path}: {found}."))


def _published(which: str) -> tuple[GuideVersion, DraftGuide]:
    try:
        date = datetime.date.fromisoformat(which)
    except ValueError as error:
        raise CommandError(f"“{which}” is not a date such as 2026-03-20. Nothing was written.") from error
    version = GuideVersion.objects.published().filter(date=date).first()
    if version is None:
        dates = ", ".join(f"{each.date}" for each in GuideVersion.objects.published())
        raise CommandError(f"There is no published version of {date}. There are: {dates or 'none'}.")
    return version, guide_from_rows(version)


def _draft(which: str) -> tuple[GuideVersion, DraftGuide]:
    drafts = GuideVersion.objects.filter(published_at=None).order_by("pk")
    version = next((each for each in drafts if str(each.pk) == which), None)
    if version is None:
        known = "; ".join(f"{each.pk} ({each})" for each in drafts)
        raise CommandError(f"There is no draft {which}. There are: {known or 'none'}.")
    try:
        guide = draft_from_rows(version)
        if survives_round_trip(guide):
            return version, guide
    except ValidationError:
        pass
    errors = [
        f"{error.row._meta.verbose_name} “{error.row}”: {error.message}" if error.row else error.message
        for error in read_draft(version).errors
    ]
    raise CommandError("\n".join(["Nothing was written. Put right in the draft first:", *errors]))
