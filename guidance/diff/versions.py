"""Differences between two versions of the guide, part by part and word by word.

`compare(old, new)` takes two `schema.Guide`s, or `GuideText`s made from a draft's rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guidance.diff.blocks import blocks_of, plain_blocks
from guidance.diff.comparable import (
    Entry,
    Fact,
    GuideLike,
    GuideText,
    Text,
    consideration_entry,
    example_entry,
    front_entry,
    message_entry,
    principle_entry,
    question_entry,
    resource_entries,
    section_entry,
    titles_of,
)
from guidance.diff.text import Change, Lines, compare_markdown, compare_plain, whole_lines

__all__ = ["Differences", "GuideLike", "GuideText", "compare"]


class Status(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Moved:
    """Titles of the entries before it in the old and new order; empty where it was or is first."""

    after_old: str
    after_new: str


@dataclass(frozen=True)
class TextDifference:
    label: str
    lines: Lines


@dataclass(frozen=True)
class FactDifference:
    """`old` or `new` is empty where the entry was added or removed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class EntryDifference:
    """`title` is the new one; `title_lines` compares it with the old one where it changed."""

    key: str
    status: Status
    title: str
    title_lines: Lines = ()
    texts: tuple[TextDifference, ...] = ()
    facts: tuple[FactDifference, ...] = ()
    moved: Moved | None = None
    options: GroupDifference | None = None


@dataclass(frozen=True)
class GroupDifference:
    """Entries of one kind in the new order; removed ones are at their old place."""

    name: str
    title: str
    entries: tuple[EntryDifference, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.entries)

    @property
    def added(self) -> int:
        return self._count(Status.ADDED)

    @property
    def removed(self) -> int:
        return self._count(Status.REMOVED)

    @property
    def changed(self) -> int:
        return self._count(Status.CHANGED)

    def _count(self, status: Status) -> int:
        return sum(entry.status == status for entry in self.entries)


@dataclass(frozen=True)
class Differences:
    groups: tuple[GroupDifference, ...]

    def __bool__(self) -> bool:
        return any(self.groups)

    @property
    def changed_groups(self) -> tuple[GroupDifference, ...]:
        return tuple(group for group in self.groups if group)


def compare(old: GuideLike, new: GuideLike) -> Differences:
    """All differences. Drafts may have duplicate keys and invalid citations."""
    was, now = titles_of(old), titles_of(new)
    names = {**was.examples, **now.examples}

    def group(name: str, title: str, before: Iterable[Entry], after: Iterable[Entry]) -> GroupDifference:
        return _compare_group(name, title, tuple(before), tuple(after), names)

    return Differences(
        (
            group("front", "Title", [front_entry(old)], [front_entry(new)]),
            group("sections", "Sections", map(section_entry, old.sections), map(section_entry, new.sections)),
            group(
                "examples",
                "Examples",
                (example_entry(each, was) for each in old.examples),
                (example_entry(each, now) for each in new.examples),
            ),
            group(
                "principles",
                "Principles",
                map(principle_entry, old.principles),
                map(principle_entry, new.principles),
            ),
            group(
                "questions",
                "Questions",
                (question_entry(each, was) for each in old.questions),
                (question_entry(each, now) for each in new.questions),
            ),
            group(
                "considerations",
                "Things to consider",
                (consideration_entry(each, was) for each in old.considerations),
                (consideration_entry(each, now) for each in new.considerations),
            ),
            group(
                "messages",
                "Messages to send",
                (message_entry(each, was) for each in old.messages),
                (message_entry(each, now) for each in new.messages),
            ),
            group(
                "resources",
                "Other resources",
                resource_entries(old.resources, new.resources),
                resource_entries(new.resources, old.resources),
            ),
        )
    )


def _compare_group(
    name: str, title: str, old: Sequence[Entry], new: Sequence[Entry], names: Mapping[str, str]
) -> GroupDifference:
    before, after = _by_key(old), _by_key(new)
    moves = _moves(before, after)
    removed = _removed_after(before, after)
    entries = [_unmatched(entry, Status.REMOVED, names) for entry in removed.get(None, ())]
    unchanged = 0
    for key, entry in after.items():
        if key not in before:
            entries.append(_unmatched(entry, Status.ADDED, names))
        elif difference := _compare_entry(before[key], entry, moves.get(key), names):
            entries.append(difference)
        else:
            unchanged += 1
        entries += [
            _unmatched(removed_entry, Status.REMOVED, names) for removed_entry in removed.get(key, ())
        ]
    return GroupDifference(name, title, tuple(entries), unchanged)


Key = tuple[str, int]  # with the occurrence of the key, as a draft may have duplicates


def _by_key(entries: Iterable[Entry]) -> dict[Key, Entry]:
    seen: Counter[str] = Counter()
    found: dict[Key, Entry] = {}
    for entry in entries:
        found[entry.key, seen[entry.key]] = entry
        seen[entry.key] += 1
    return found


def _removed_after(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> dict[Key | None, list[Entry]]:
    """Removed entries by the last common entry before them."""
    removed: dict[Key | None, list[Entry]] = {}
    last_common: Key | None = None
    for key, entry in before.items():
        if key in after:
            last_common = key
        else:
            removed.setdefault(last_common, []).append(entry)
    return removed


def _moves(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> dict[Key, Moved]:
    """Smallest set of entries that, moved, turns the old order into the new."""
    old_order = {key: at for at, key in enumerate(key for key in before if key in after)}
    common = [key for key in after if key in before]
    unmoved = {common[at] for at in longest_increasing([old_order[key] for key in common])}
    old_before, new_before = _titles_before(before), _titles_before(after)
    return {key: Moved(old_before[key], new_before[key]) for key in common if key not in unmoved}


def _titles_before(entries: Mapping[Key, Entry]) -> dict[Key, str]:
    titles = ["", *(entry.title for entry in entries.values())]
    return dict(zip(entries, titles, strict=False))


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Indexes of a longest increasing subsequence of distinct numbers."""
    ends: list[int] = []  # smallest last number of a subsequence of each length
    indexes: list[int] = []
    before: list[int | None] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(indexes[length - 1] if length else None)
        ends[length:] = [number, *ends[length + 1 :]]
        indexes[length:] = [at, *indexes[length + 1 :]]
    found: list[int] = []
    index = indexes[-1] if indexes else None
    while index is not None:
        found.append(index)
        index = before[index]
    return found[::-1]


def _compare_entry(
    old: Entry, new: Entry, moved: Moved | None, names: Mapping[str, str]
) -> EntryDifference | None:
    texts = tuple(
        TextDifference(now.label, lines)
        for was, now in zip(old.texts, new.texts, strict=True)
        if (lines := _compare_text(was, now, names))
    )
    facts = tuple(
        FactDifference(now.label, was.words, now.words)
        for was, now in zip(old.facts, new.facts, strict=True)
        if was.value != now.value
    )
    title_lines = compare_plain(old.title, new.title)
    options = _compare_group("options", "Options", old.options, new.options, names)
    if not (texts or facts or title_lines or moved or options):
        return None
    return EntryDifference(
        new.key, Status.CHANGED, new.title, title_lines, texts, facts, moved, options or None
    )


def _compare_text(old: Text, new: Text, names: Mapping[str, str]) -> Lines:
    if new.is_markdown:
        return compare_markdown(old.text, new.text, names)
    return compare_plain(old.text, new.text)


def _unmatched(entry: Entry, status: Status, names: Mapping[str, str]) -> EntryDifference:
    change = Change.INSERTED if status == Status.ADDED else Change.DELETED
    texts = tuple(
        TextDifference(
            text.label,
            whole_lines(blocks_of(text.text, names) if text.is_markdown else plain_blocks(text.text), change),
        )
        for text in entry.texts
        if text.text.strip()
    )
    facts = tuple(_unmatched_fact(fact, status) for fact in entry.facts if fact.value)
    options = tuple(_unmatched(option, status, names) for option in entry.options)
    return EntryDifference(
        entry.key,
        status,
        entry.title,
        texts=texts,
        facts=facts,
        options=GroupDifference("options", "Options", options, 0) if options else None,
    )


def _unmatched_fact(fact: Fact, status: Status) -> FactDifference:
    added = status == Status.ADDED
    return FactDifference(fact.label, "" if added else fact.words, fact.words if added else "")
