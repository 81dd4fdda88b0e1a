"""A next version of the guide in which two things have no place any more that an answer may have been given to."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import yaml

from guidance.editing.loading import load_guide
from guidance.models import GuideVersion
from tests.guidance.factories import FIRST_VERSION

DATE = datetime.date(2026, 9, 1)


def publish_newer_guide(folder: Path) -> GuideVersion:
    """No `what.context`, no `partly` under `what.sure`, no considerations, and otherwise as the first version was.

    Its files go into this folder, which is not there yet.
    """
    shutil.copytree(FIRST_VERSION, folder)
    _write(
        folder / "version.yaml",
        {**_read(folder / "version.yaml"), "date": DATE, "change_note": "Fewer questions."},
    )
    questions = _read(folder / "questions.yaml")
    questions["what"] = [question for question in questions["what"] if question["key"] != "what.context"]
    sure = next(question for question in questions["what"] if question["key"] == "what.sure")
    sure["options"] = [option for option in sure["options"] if option["key"] != "partly"]
    _write(folder / "questions.yaml", questions)
    _write(folder / "considerations.yaml", {})
    return load_guide(folder, today=DATE).version


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _write(file: Path, content: object) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
