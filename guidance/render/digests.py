"""Digest of a version's text, by which any script can verify a copy.

The canonical form is JSON of the version's title, subtitle, sections, examples, principles, the address of their
publication, resources, questions, considerations and messages, each with every field it has (those of
`OMITTED_WHEN_EMPTY` only where not empty): keys sorted, no spaces between tokens, no escaped characters, in UTF-8.
Date, change note and significance are no part of the text. `docs/reading-by-script.md` documents this.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from guidance.content.schema import Guide

EXCLUDED_FIELDS = {"date", "significance", "change_note"}
# Omitted where empty, so that older versions keep their digest.
OMITTED_WHEN_EMPTY = frozenset(
    {"wording", "statement", "core", "applies_when", "folded", "answered", "messages"}
)


def canonical_text(guide: Guide) -> bytes:
    values = guide.model_dump(mode="json", by_alias=True, exclude=EXCLUDED_FIELDS)
    return json.dumps(
        _without_empty(values), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_empty(each)
            for name, each in value.items()
            if each or name not in OMITTED_WHEN_EMPTY
        }
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


def digest_of(guide: Guide) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(canonical_text(guide)).hexdigest()
