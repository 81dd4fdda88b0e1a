"""Digest of a version's text, by which any script can verify a copy.

The canonical form is JSON of the version's title, subtitle, sections, examples, principles, the address of their
publication, resources, questions and considerations, each with every field it has (`wording` and `statement` only where
not empty): keys sorted, no spaces between tokens, no escaped characters, in UTF-8. Date, change note and significance
are no part of the text. `docs/reading-by-script.md` documents this.
"""

from __future__ import annotations

import hashlib
import json

from guidance.content.schema import Guide

EXCLUDED_FIELDS = {"date", "significance", "change_note"}
OMITTED_WHEN_EMPTY = ("wording", "statement")  # omitted where empty, so that older versions keep their digest


def canonical_text(guide: Guide) -> bytes:
    values = guide.model_dump(mode="json", by_alias=True, exclude=EXCLUDED_FIELDS)
    for question in values["questions"]:
        for worded in (question, *question["options"]):
            for words in (worded, *worded["wording"].values()):
                for name in OMITTED_WHEN_EMPTY:
                    if not words.get(name, True):
                        del words[name]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(guide: Guide) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(canonical_text(guide)).hexdigest()
