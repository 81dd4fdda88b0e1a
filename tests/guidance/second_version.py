"""Second version of the guide, edited from the first, for tests of the reading pages."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from functools import cache
from pathlib import Path

from guidance.content.reader import read_folder
from guidance.content.schema import Guide
from guidance.editing.loading import load_values
from guidance.models import GuideVersion
from tests.guidance.factories import FIRST_VERSION, copied_in

SECOND, THIRD = "2026-09-01", "2027-01-15"
NOTE = "Clearer on **whom** to contact. See [what we all need](#what-we-all-need) and [all versions](/guide/versions/)."
REPLACED = {
    "version.yaml": [
        ("2026-03-20", SECOND),
        ("change_note: The first version.", f"change_note: '{NOTE}'"),
    ],
    "guide.md": [
        ("They may not know who to contact.", "They may not know whom to contact, or when."),
        ("## What we all need {", "## What we all need to know {"),
        ("This version was produced on 20 March 2026.", "This version was produced on 1 September 2026."),
        ("A neighbour raises a concern", "A neighbour is concerned"),
    ],
    "principles.yaml": [("If the purpose changes,", "If the purpose changes even a little,")],
    "questions.yaml": [("How urgent is the matter?", "How soon does it matter?")],
}
GONE = ["what-is-changing-futures", "more-about-changing-futures"]
MOVED, BEHIND = "an-enabler-not-a-barrier", "key-principles"


def write_second_version(folder: Path) -> Path:
    """Writes the edited folder of the first version to a new folder."""
    shutil.copytree(FIRST_VERSION, folder)
    for name, edits in REPLACED.items():
        text = (folder / name).read_text()
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (folder / name).write_text(text)
    guide = folder / "guide.md"
    front, *sections = guide.read_text().split("\n## ")
    by_anchor = {section.partition("{#")[2].partition("}")[0]: section for section in sections}
    moved = by_anchor.pop(MOVED)
    kept = [
        text
        for anchor, section in by_anchor.items()
        if anchor not in GONE
        for text in ([section, moved] if anchor == BEHIND else [section])
    ]
    guide.write_text("\n## ".join([front, *kept]))
    return folder


@cache
def second_guide() -> Guide:
    """Read once per process."""
    with tempfile.TemporaryDirectory() as folder:
        return read_folder(write_second_version(Path(folder) / "second"))


@cache
def third_guide() -> Guide:
    """The second version with one word changed, a minor change."""
    second = second_guide()
    assert sum("whom to contact, or when" in section.body for section in second.sections) == 1
    sections = tuple(
        section.model_copy(
            update={"body": section.body.replace("whom to contact, or when", "whom to contact, or where")}
        )
        for section in second.sections
    )
    return second.model_copy(
        update={
            "date": datetime.date.fromisoformat(THIRD),
            "significance": GuideVersion.Significance.MINOR,
            "sections": sections,
        }
    )


def publish_second_version() -> GuideVersion:
    """Publishes the version of 1 September 2026, on any day."""
    return copied_in(_second_version)


def publish_third_version() -> GuideVersion:
    """Of 15 January 2027: the second with one word changed."""
    return copied_in(_third_version)


def _second_version() -> GuideVersion:
    return load_values(second_guide(), today=second_guide().date).version


def _third_version() -> GuideVersion:
    return load_values(third_guide(), today=third_guide().date).version
