"""Compares two texts by paragraphs and words.

Compares the parsed text (`guidance.diff.blocks`), not its Markdown. Unchanged blocks are matched first, then similar
blocks are compared word by word. Segments beyond `MAX_STEPS` count as replaced, to limit the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Literal

from guidance.diff.blocks import Block, Word, blocks_of, plain_blocks, text_of

MAX_STEPS = 2_000_000
MAX_PAIRS = 40_000
MIN_SIMILARITY = 0.35  # less similar paragraphs are different ones


class Change(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Run:
    """Consecutive words with the same change and style."""

    change: Change
    style: frozenset[str]
    text: str
    spaced: bool

    @property
    def css_classes(self) -> str:
        """CSS classes of the style."""
        return " ".join(f"sw-set-{style}" for style in sorted(self.style))


@dataclass(frozen=True)
class Line:
    """A block to display; `change` is SAME where only some of its words changed."""

    kind: str
    depth: int
    change: Change
    runs: tuple[Run, ...]

    @property
    def old(self) -> str:
        return self._without(Change.INSERTED)

    @property
    def new(self) -> str:
        return self._without(Change.DELETED)

    def _without(self, change: Change) -> str:
        runs = [run for run in self.runs if run.change != change]
        return "".join(f"{' ' if run.spaced else ''}{run.text}" for run in runs).strip()


@dataclass(frozen=True)
class Unchanged:
    """Number of consecutive unchanged blocks."""

    count: int
    kind: Literal["unchanged"] = "unchanged"


Lines = tuple[Line | Unchanged, ...]


def compare_markdown(old: str, new: str, names: Mapping[str, str] | None = None) -> Lines:
    """Empty where both texts read the same. `names` are the titles of examples by slug."""
    return () if old == new else compare_blocks(blocks_of(old, names), blocks_of(new, names))


def compare_plain(old: str, new: str) -> Lines:
    """Compares texts without Markdown."""
    return () if old == new else compare_blocks(plain_blocks(old), plain_blocks(new))


def compare_blocks(old: Sequence[Block], new: Sequence[Block]) -> Lines:
    lines: list[Line | Unchanged] = []
    changed = False
    for same, (i1, i2), (j1, j2) in _segments(old, new):
        if same:
            lines.append(Unchanged(i2 - i1))
        else:
            changed = True
            lines += _replaced(old[i1:i2], new[j1:j2])
    return tuple(lines) if changed else ()


def _replaced(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Line]:
    """Similar blocks word by word, the others whole: deleted before inserted."""
    at_old = at_new = 0
    for i, j in [*_similar_pairs(old, new), (len(old), len(new))]:
        yield from (_unmatched_line(block, Change.DELETED) for block in old[at_old:i])
        yield from (_unmatched_line(block, Change.INSERTED) for block in new[at_new:j])
        if i < len(old) and j < len(new):
            yield _line(old[i], new[j])
        at_old, at_new = i + 1, j + 1


def _unmatched_line(block: Block, change: Change) -> Line:
    return Line(block.kind, block.depth, change, tuple(_runs(change, block.words)))


def whole_lines(blocks: Sequence[Block], change: Change) -> Lines:
    """Lines of a text that is inserted or deleted whole."""
    return tuple(_unmatched_line(block, change) for block in blocks)


def _line(old: Block, new: Block) -> Line:
    runs: list[Run] = []
    for same, (i1, i2), (j1, j2) in _merged(list(_segments(old.words, new.words))):
        if same:
            runs += _runs(Change.SAME, new.words[j1:j2])
        else:
            runs += _runs(Change.DELETED, old.words[i1:i2])
            runs += _runs(Change.INSERTED, new.words[j1:j2])
    return Line(new.kind, new.depth, Change.SAME, tuple(runs))


def _runs(change: Change, words: Sequence[Word]) -> Iterator[Run]:
    for style, group in groupby(words, key=lambda word: word.style):
        run_words = tuple(group)
        yield Run(change, style, text_of(run_words), run_words[0].spaced)


Span = tuple[int, int]
Segment = tuple[bool, Span, Span]  # whether it is equal, and its span in the old and in the new text


def _segments(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Segment]:
    """Equal and changed segments in order. Common prefix and suffix are removed first."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    if head:
        yield True, (0, head), (0, head)
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if _steps(inner_old, inner_new) > MAX_STEPS:
        yield False, (head, len(old) - tail), (head, len(new) - tail)
    else:
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, inner_old, inner_new, autojunk=False).get_opcodes():
            yield kind == "equal", (head + i1, head + i2), (head + j1, head + j2)
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))


def _steps(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """Estimated number of comparisons: all pairs of places, or all pairs of equal words."""
    counts = Counter(new)
    return max(len(old) * len(new), sum(count * counts[word] for word, count in Counter(old).items()) * 4)


def _merged(segments: list[Segment]) -> list[Segment]:
    """Merges changes with at most one word between them, which would agree only by chance."""
    merged: list[Segment] = []
    for at, (same, old, new) in enumerate(segments):
        between = same and 0 < at < len(segments) - 1
        if between and old[1] - old[0] <= 1 and _size(segments[at - 1]) + _size(segments[at + 1]) > 3:
            same = False
        if merged and not merged[-1][0] and not same:
            _, before_old, before_new = merged.pop()
            merged.append((False, (before_old[0], old[1]), (before_new[0], new[1])))
        else:
            merged.append((same, old, new))
    return merged


def _size(segment: Segment) -> int:
    return (segment[1][1] - segment[1][0]) + (segment[2][1] - segment[2][0])


def _similar_pairs(old: Sequence[Block], new: Sequence[Block]) -> list[Span]:
    """Pairs of similar blocks in order, with the greatest total similarity."""
    if len(old) * len(new) > MAX_PAIRS:
        return list(zip(range(len(old)), range(len(new)), strict=False)) if len(old) == len(new) else []
    bags_old, bags_new = [Counter(b.words) for b in old], [Counter(b.words) for b in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    similarity = [[_similarity(a, b) for b in bags_new] for a in bags_old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = similarity[i][j] + best[i + 1][j + 1] if similarity[i][j] >= MIN_SIMILARITY else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[Span] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if similarity[i][j] >= MIN_SIMILARITY and best[i][j] == similarity[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _similarity(old: Counter[Word], new: Counter[Word]) -> float:
    return 2 * (old & new).total() / ((old.total() + new.total()) or 1)
