"""The guide's next version, as an editor might make it of the first: what the reading pages are tested with."""

from __future__ import annotations

import shutil
from pathlib import Path

from guidance.loading import load_guide
from guidance.models import GuideVersion
from tests.guidance.factories import FIRST_VERSION

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
    """The first version's folder with these edits, in a folder that is not there yet."""
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


def publish_second_version(tmp_path: Path) -> GuideVersion:
    """Of 1 September 2026."""
    return load_guide(write_second_version(tmp_path / "second")).version


def publish_third_version(tmp_path: Path) -> GuideVersion:
    """Of 15 January 2027: the second with one word changed, a minor one."""
    folder = write_second_version(tmp_path / "third")
    for name, old, new in [
        ("version.yaml", SECOND, THIRD),
        ("version.yaml", "significance: major", "significance: minor"),
        ("guide.md", "whom to contact, or when", "whom to contact, or where"),
    ]:
        path = folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    return load_guide(folder).version
