"""Two texts compared word by word, paragraph by paragraph.

What is compared is what a reader reads (`guidance.diff.blocks`), not the Markdown it is written in.

Long texts stay quick: blocks that stay are found first, then those that resemble one another are compared word by word.
Every step is taken from a budget. What comes after it is spent counts as replaced whole, rather than keep a reader
waiting: the work is bounded whatever the texts hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import accumulate, groupby
from typing import Literal

from guidance.diff.blocks import Block, Word, blocks_of, plain_blocks, text_of

MAX_STEPS = 1_000_000  # about a fifth of a second
STEPS_OF_A_SEARCH = 50  # to look for what two stretches have in common, besides their words
STEPS_OF_A_PAIR = 15  # to weigh two paragraphs against one another, besides their words
MIN_SIMILARITY = 0.35  # paragraphs that share less are different paragraphs


class Change(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True)
class Run:
    """Words in a row that share a fate and a style."""

    change: Change
    style: frozenset[str]
    text: str
    spaced: bool

    @property
    def look(self) -> str:
        """The classes that show how it is set."""
        return " ".join(f"sw-set-{style}" for style in sorted(self.style))


@dataclass(frozen=True)
class Line:
    """A block as it is shown; SAME where only some of its words changed."""

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
        kept = [run for run in self.runs if run.change != change]
        return "".join(f"{' ' if run.spaced else ''}{run.text}" for run in kept).strip()


@dataclass(frozen=True)
class Unchanged:
    """So many blocks in a row that stayed as they were."""

    count: int
    kind: Literal["unchanged"] = "unchanged"


Lines = tuple[Line | Unchanged, ...]


@dataclass
class StepBudget:
    """Steps that comparing may still take: a word looked up, or a pair of equal words looked at."""

    left: int = MAX_STEPS

    def take(self, steps: int) -> bool:
        """Whether there were as many left, which then are spent."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


class _BoundedMatcher(SequenceMatcher[Hashable]):
    """Finds nothing more in common once the budget is spent."""

    def __init__(self, old: Sequence[Hashable], new: Sequence[Hashable], budget: StepBudget) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.budget = budget
        self.steps_before = [0, *accumulate(1 + len(self.b2j.get(item, ())) for item in old)]  # type: ignore[attr-defined]  # the documented index of the second sequence

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        steps = self.steps_before[-1 if ahi is None else ahi] - self.steps_before[alo]
        if not self.budget.take(STEPS_OF_A_SEARCH + steps):
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare_markdown(old: str, new: str, names: Mapping[str, str] | None = None) -> Lines:
    """`names` are the titles of examples, by their keys. Nothing where both read alike."""
    return () if old == new else compare_blocks(blocks_of(old, names), blocks_of(new, names))


def compare_plain(old: str, new: str, budget: StepBudget | None = None) -> Lines:
    """The same for a text without Markdown; several texts of one page share a `budget`."""
    return () if old == new else compare_blocks(plain_blocks(old), plain_blocks(new), budget)


def compare_blocks(old: Sequence[Block], new: Sequence[Block], budget: StepBudget | None = None) -> Lines:
    budget = budget or StepBudget()
    lines: list[Line | Unchanged] = []
    changed = False
    for same, (i1, i2), (j1, j2) in _segments(old, new, budget):
        if same:
            lines.append(Unchanged(i2 - i1))
        else:
            changed = True
            lines += _replaced(old[i1:i2], new[j1:j2], budget)
    return tuple(lines) if changed else ()


def _replaced(old: Sequence[Block], new: Sequence[Block], budget: StepBudget) -> Iterator[Line]:
    """Those that resemble one another word by word, the rest whole: what went before what came."""
    at_old = at_new = 0
    for i, j in [*_similar_pairs(old, new, budget), (len(old), len(new))]:
        yield from (_unmatched_line(block, Change.DELETED) for block in old[at_old:i])
        yield from (_unmatched_line(block, Change.INSERTED) for block in new[at_new:j])
        if i < len(old) and j < len(new):
            yield _line(old[i], new[j], budget)
        at_old, at_new = i + 1, j + 1


def _unmatched_line(block: Block, change: Change) -> Line:
    return Line(block.kind, block.depth, change, tuple(_runs(change, block.words)))


def whole_lines(blocks: Sequence[Block], change: Change) -> Lines:
    """A text that is new, or gone, as a whole."""
    return tuple(_unmatched_line(block, change) for block in blocks)


def _line(old: Block, new: Block, budget: StepBudget) -> Line:
    runs: list[Run] = []
    for same, (i1, i2), (j1, j2) in _merged(list(_segments(old.words, new.words, budget))):
        if same:
            runs += _runs(Change.SAME, new.words[j1:j2])
        else:
            runs += _runs(Change.DELETED, old.words[i1:i2])
            runs += _runs(Change.INSERTED, new.words[j1:j2])
    return Line(new.kind, new.depth, Change.SAME, tuple(runs))


def _runs(change: Change, words: Sequence[Word]) -> Iterator[Run]:
    for style, group in groupby(words, key=lambda word: word.style):
        together = tuple(group)
        yield Run(change, style, text_of(together), together[0].spaced)


Span = tuple[int, int]
Stretch = tuple[bool, Span, Span]  # whether it stayed, and where it stands in the old and in the new


def _segments(old: Sequence[Hashable], new: Sequence[Hashable], budget: StepBudget) -> Iterator[Stretch]:
    """What stayed and what did not, in order. The beginnings and ends that agree are set aside first."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    if head:
        yield True, (0, head), (0, head)
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    for kind, i1, i2, j1, j2 in _BoundedMatcher(inner_old, inner_new, budget).get_opcodes():
        yield kind == "equal", (head + i1, head + i2), (head + j1, head + j2)
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    """Two changes with hardly a word between them are one: single words that happen to agree only confuse."""
    joined: list[Stretch] = []
    for at, (same, old, new) in enumerate(stretches):
        between = same and 0 < at < len(stretches) - 1
        if between and old[1] - old[0] <= 1 and _size(stretches[at - 1]) + _size(stretches[at + 1]) > 3:
            same = False
        if joined and not joined[-1][0] and not same:
            _, before_old, before_new = joined.pop()
            joined.append((False, (before_old[0], old[1]), (before_new[0], new[1])))
        else:
            joined.append((same, old, new))
    return joined


def _size(stretch: Stretch) -> int:
    return (stretch[1][1] - stretch[1][0]) + (stretch[2][1] - stretch[2][0])


def _similar_pairs(old: Sequence[Block], new: Sequence[Block], budget: StepBudget) -> list[Span]:
    """Pairs that are one paragraph rewritten, in order: the pairs that share most words altogether."""
    bags_old, bags_new = [Counter(b.words) for b in old], [Counter(b.words) for b in new]
    steps = len(new) * sum(STEPS_OF_A_PAIR + len(bag) for bag in bags_old)
    if not budget.take(steps):
        return list(zip(range(len(old)), range(len(new)), strict=False)) if len(old) == len(new) else []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = [[_similarity(a, b) for b in bags_new] for a in bags_old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= MIN_SIMILARITY else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: list[Span] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] >= MIN_SIMILARITY and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _similarity(old: Counter[Word], new: Counter[Word]) -> float:
    return 2 * (old & new).total() / ((old.total() + new.total()) or 1)
