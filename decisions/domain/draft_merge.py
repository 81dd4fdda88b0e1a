"""What is written in a draft, and how words sent from two pages come together. Pure.

Words go by the name they have on a page: a question's key, `why-needed.` and a key for why an identifier has to
stand there, `thought.` and a consideration's key, `changed`, or what the decision is about (`Decision.description`).

A page says what it had been made from, by a fingerprint of each answer, so that three things can be told apart when it
is sent: not changed here, not changed elsewhere, and changed in both, which only the writer can settle.
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

WHY_NEEDED = "why-needed."
THOUGHT = "thought."
CHANGED = "changed"
KEPT = "kept"  # no words: that the writer said the draft is still needed

ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
TURN = re.compile(r"[0-9]{1,9}")

Words = Mapping[str, Answer]
Saved = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    """The page that words were sent from.

    `id` is another one each time a page is opened, and `turn` counts how often it was sent: words that the same page
    sent before are its own, even where it never heard that they had been saved.
    """

    id: str = ""
    turn: int = 0
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, names: Iterable[str], words: Words) -> Page:
        """A page made now, from these words."""
        return cls(secrets.token_urlsafe(6), 0, {name: fingerprint(words.get(name)) for name in names})

    @classmethod
    def sent(cls, data: Mapping[str, Any]) -> Page:
        """As a browser sends it back. Whatever cannot be read counts as not known."""
        try:
            seen = json.loads(data.get("_seen", ""))
        except (ValueError, RecursionError):
            seen = None
        page, turn = str(data.get("_page", "")), str(data.get("_turn", ""))
        return cls(
            page if ID.fullmatch(page) else "",
            int(turn) if TURN.fullmatch(turn) else 0,
            {str(name): str(mark) for name, mark in seen.items()} if isinstance(seen, dict) else {},
        )

    def having_seen(self, names: Iterable[str], words: Words) -> Page:
        """The page with what it now knows of these words."""
        return replace(self, seen={**self.seen, **{name: fingerprint(words.get(name)) for name in names}})

    @property
    def seen_as_sent(self) -> str:
        return json.dumps(dict(self.seen), separators=(",", ":"))


@dataclass(frozen=True)
class Merged:
    """`words` as they are now; of those sent, which are in them as sent, and which were changed elsewhere too."""

    words: dict[str, Answer]
    taken: frozenset[str]
    in_conflict: frozenset[str]

    def changed_from(self, before: Words) -> frozenset[str]:
        return frozenset(name for name in self.taken if (self.words[name] or "") != before.get(name, ""))


def merge(kept: Words, saved: Saved, sent: Words, page: Page | None = None) -> Merged:
    """Words sent from a page, put into those kept meanwhile. Without a page, all that was sent is taken."""
    taken, in_conflict = set(), set()
    for name, words in sent.items():
        match _settled(kept.get(name), saved.get(name, {}), name, words, page):
            case True:
                taken.add(name)
            case None:
                in_conflict.add(name)
    return Merged({**kept, **{name: sent[name] for name in taken}}, frozenset(taken), frozenset(in_conflict))


def _settled(
    kept: Answer | None, saved: Mapping[str, Any], name: str, words: Answer, page: Page | None
) -> bool | None:
    """Whether to take what was sent rather than leave what is kept; None where that is the writer's to say."""
    if page is None or name not in page.seen or fingerprint(kept) in {fingerprint(words), page.seen[name]}:
        return True
    if page.id and saved.get("page") == page.id:
        return page.turn >= int(saved.get("turn", 0))  # an earlier sending may come in late
    return False if fingerprint(words) == page.seen[name] else None


def fingerprint(words: Answer | None) -> str:
    """Alike for the same answer, in whatever order its options were chosen."""
    same = sorted(words) if isinstance(words, list) else words or ""
    return hashlib.sha256(json.dumps(same or "").encode()).hexdigest()[:12]
