"""A digest of what there is to read in a version, so that anyone's script can tell whether it holds the same words.

The canonical form is JSON of the version's title, subtitle, sections, examples, principles, the address of their
publication, resources, questions and considerations, each with every field it has (`wording` and `statement` only
where there are any): keys sorted, no spaces between tokens, every character as itself, in UTF-8. The date, the change
note and how much it matters are about the text and no part of it. `docs/reading-by-script.md` says the same for those
who read by script.
"""

from __future__ import annotations

import hashlib
import json

from guidance.content.schema import Guide

ABOUT_THE_TEXT = {"date", "significance", "change_note"}
ADDED_LATER = ("wording", "statement")  # left out where empty: versions from before keep their digest


def canonical_text(guide: Guide) -> bytes:
    values = guide.model_dump(mode="json", by_alias=True, exclude=ABOUT_THE_TEXT)
    for question in values["questions"]:
        for worded in (question, *question["options"]):
            for words in (worded, *worded["wording"].values()):
                for name in ADDED_LATER:
                    if not words.get(name, True):
                        del words[name]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(guide: Guide) -> str:
    """In hexadecimal."""
    return hashlib.sha256(canonical_text(guide)).hexdigest()
