"""Merges texts sent from several pages into one draft (three-way merge). Pure.

Texts are named as on the page: a question's key, `why-needed.` and a key for the reason for an identifier, `thought.`
and a consideration's key, `changed`, or a field of `Decision.description`.

A page sends a fingerprint of each text it was rendered from. The merge can so tell apart a text changed on the page, a
text changed elsewhere, and a conflict, which the writer resolves.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decisions.domain.answers import Answer

IDENTIFIER_REASON = "why-needed."
THOUGHT = "thought."
CHANGED = "changed"
STILL_NEEDED = "still-needed"  # no text: the writer extended the draft's expiry

ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
REVISION = re.compile(r"[0-9]{1,9}")

Words = Mapping[str, Answer]
Saved = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    """The page that texts were sent from.

    `id` is random for each opening of a page. `revision` counts its submissions: a page does not conflict with what
    it sent itself, even when it never received the confirmation.
    """

    id: str = ""
    revision: int = 0
    base_fingerprints: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, names: Iterable[str], words: Words) -> Page:
        """Creates the page rendered from these texts."""
        return cls(secrets.token_urlsafe(6), 0, {name: fingerprint(words.get(name)) for name in names})

    @classmethod
    def sent(cls, data: Mapping[str, Any]) -> Page:
        """Parses the hidden fields of a submitted form. Ignores malformed values."""
        try:
            base = json.loads(data.get("_seen", ""))
        except (ValueError, RecursionError):
            base = None
        page, revision = str(data.get("_page", "")), str(data.get("_turn", ""))
        return cls(
            page if ID.fullmatch(page) else "",
            int(revision) if REVISION.fullmatch(revision) else 0,
            {str(name): str(mark) for name, mark in base.items()} if isinstance(base, dict) else {},
        )

    def with_base(self, names: Iterable[str], words: Words) -> Page:
        """Returns the page with the fingerprints of these texts as its base."""
        new = {name: fingerprint(words.get(name)) for name in names}
        return replace(self, base_fingerprints={**self.base_fingerprints, **new})

    @property
    def base_fingerprints_json(self) -> str:
        return json.dumps(dict(self.base_fingerprints), separators=(",", ":"))


@dataclass(frozen=True)
class Merged:
    """The merged texts, and the names of those accepted and those in conflict among the texts sent."""

    words: dict[str, Answer]
    accepted: frozenset[str]
    in_conflict: frozenset[str]

    def changed_from(self, before: Words) -> frozenset[str]:
        return frozenset(name for name in self.accepted if (self.words[name] or "") != before.get(name, ""))


def merge(stored: Words, saved: Saved, sent: Words, page: Page | None = None) -> Merged:
    """Merges the texts sent from a page into the stored ones. Without a page, accepts all of them."""
    accepted, in_conflict = set(), set()
    for name, words in sent.items():
        match _resolution(stored.get(name), saved.get(name, {}), name, words, page):
            case True:
                accepted.add(name)
            case None:
                in_conflict.add(name)
    return Merged(
        {**stored, **{name: sent[name] for name in accepted}}, frozenset(accepted), frozenset(in_conflict)
    )


def _resolution(
    stored: Answer | None, saved: Mapping[str, Any], name: str, words: Answer, page: Page | None
) -> bool | None:
    """Whether to accept the text sent (True), to keep the stored one (False), or that they conflict (None)."""
    if page is None or name not in page.base_fingerprints:
        return True
    base = page.base_fingerprints[name]
    if fingerprint(stored) in {fingerprint(words), base}:
        return True
    if page.id and saved.get("page") == page.id:
        return page.revision >= int(saved.get("revision", 0))  # submissions may arrive out of order
    return False if fingerprint(words) == base else None


def fingerprint(words: Answer | None) -> str:
    """Digest of an answer; the order of chosen options does not matter."""
    same = sorted(words) if isinstance(words, list) else words or ""
    return hashlib.sha256(json.dumps(same or "").encode()).hexdigest()[:12]
