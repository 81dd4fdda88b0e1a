"""Counts of one organisation and one quarter, as they may be shown; and the sum of what several are shown. Pure.

Whatever is said of several organisations, or of a guide version, is added up from what each organisation's quarter
would show by itself. So nothing more follows from it than from those.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from decisions.statistics.suppression import YES, Row, Rows, Split, alone, halves, is_safe, shown, split

if TYPE_CHECKING:
    from decisions.statistics.counts import Cell

OUTCOME, TIME, RELATIONSHIP, ADVICE = (
    "outcome",
    "time",
    "relationship",
    "advice",
)  # each round has one category
KIND, CONSIDERED, AFTERWARDS = "kind", "considered", "afterwards"  # a round may have several, or none
STATED = "stated"  # of the rounds of one outcome
VERSION = "version"
OPEN, NOTED = "open", "noted"  # of the rounds of one version, which stands before the key
LOOK_AGAIN = "look-again"  # of decisions, not of rounds
# What follows from answers by a rule would, taken exactly, say something exact of those answers.
ROUNDED = (CONSIDERED, OPEN, NOTED)
NEAREST = 10

Teams = tuple[int | None, ...]
Counts = dict[str, dict[Teams, int]]
Order = Mapping[str, Sequence[str]]  # the categories of a topic, whether there is any of them or not


@dataclass(frozen=True)
class Share:
    """How often something was so, among so many."""

    count: int
    of: int


@dataclass(frozen=True)
class Table:
    """`left_out` says, by key, how many organisations show it only together with others."""

    rows: Rows
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """What may be shown of a quarter. Without a total there are too few; a topic that is missing cannot be shown.

    `organisations` is how many it is added up from, `too_few` how many others had too few.
    """

    total: int | None
    tables: Mapping[str, Table] = field(default_factory=dict)
    shares: Mapping[tuple[str, str], Share] = field(default_factory=dict)  # by topic and category
    organisations: int = 1
    too_few: int = 0


NOTHING = Figures(total=0, organisations=0)
TOO_FEW = Figures(total=None, organisations=0, too_few=1)


class OrganisationQuarter:
    """The cells of one organisation and quarter, and what may be shown of them: all together, or of one team."""

    def __init__(self, cells: Iterable[Cell], order: Order) -> None:
        self.cells: dict[str, dict[str, Counter[int | None]]] = defaultdict(dict)
        for cell in cells:
            self.cells[cell.topic].setdefault(cell.category, Counter())[cell.team] += cell.rounds
        self.order = order
        self.teams = _teams(self.cells[OUTCOME])
        self.splits = dict(self._splits())
        self.shares = dict(self._shares()) if self.teams else {}

    def whole(self) -> Figures:
        total = sum(count for by_team in self.cells[OUTCOME].values() for count in by_team.values())
        tables = {topic: Table(made.whole) for topic, made in self.splits.items()}
        if not is_safe(total):
            return Figures(None, tables, organisations=0, too_few=1)
        return Figures(
            total,
            tables,
            {name: _share(name[0], made.whole) for name, made in self.shares.items()},
            organisations=1 if total else 0,
        )

    def of_team(self, team: int) -> Figures:
        """Too few, too, where a team has none: that is no different."""
        part = (team,)
        if part not in self.teams:
            return TOO_FEW
        totals = self._by_part(OUTCOME, self.teams)
        return Figures(
            sum(by_part.get(part, 0) for by_part in totals.values()),
            {topic: Table(made.parts[part]) for topic, made in self.splits.items() if part in made.parts},
            {
                name: _share(name[0], made.parts[part])
                for name, made in self.shares.items()
                if part in made.parts
            },
        )

    def _splits(self) -> Iterable[tuple[str, Split[Teams]]]:
        due = _teams(self.cells[LOOK_AGAIN])  # of decisions, whenever their rounds were recorded
        asked = [(topic, self.teams) for topic in (OUTCOME, TIME, RELATIONSHIP, ADVICE, VERSION)] + [
            (LOOK_AGAIN, due)
        ]
        for topic, teams in asked:
            if topic == LOOK_AGAIN and not self.cells[topic]:
                yield topic, Split((), {})
            made = split(self._by_part(topic, teams), teams) if teams and self.cells[topic] else None
            if made:
                yield topic, made

    def _shares(self) -> Iterable[tuple[tuple[str, str], Split[Teams]]]:
        outcomes = self._by_part(OUTCOME, self.teams)
        totals = {part: sum(by_part.get(part, 0) for by_part in outcomes.values()) for part in self.teams}
        for topic in (KIND, CONSIDERED, AFTERWARDS):
            for key, so in self._by_part(topic, self.teams).items():
                made = halves(so, totals, self.teams)
                if made:
                    yield (topic, key), made
        for key, so in self._by_part(STATED, self.teams).items():
            yield from self._within(OUTCOME, key, (STATED, key), so, outcomes)
        versions = self._by_part(VERSION, self.teams)
        for topic in (OPEN, NOTED):
            for key, so in self._by_part(topic, self.teams).items():
                yield from self._within(VERSION, key.partition("/")[0], (topic, key), so, versions)

    def _within(
        self, topic: str, row: str, name: tuple[str, str], so: Mapping[Teams, int], rows: Counts
    ) -> Iterable[tuple[tuple[str, str], Split[Teams]]]:
        """Of those in one row of a table, how many were so: only where that row stands by itself."""
        table = self.splits.get(topic)
        if table is None or alone(table.whole, row) is None:
            return
        made = halves(so, {part: rows[row].get(part, 0) for part in self.teams}, self.teams)
        if made:
            yield name, Split(made.whole, made.parts if table.parts else {})

    def _by_part(self, topic: str, parts: Sequence[Teams]) -> Counts:
        found = self.cells[topic]
        keys = dict.fromkeys([*self.order.get(topic, ()), *sorted(found)])
        return {
            key: {part: sum(found.get(key, Counter())[team] for team in part) for part in parts}
            for key in keys
        }


def _teams(cells: Mapping[str, Counter[int | None]]) -> tuple[Teams, ...]:
    """Those large enough by themselves, and the others together; none where all of them are too few."""
    totals: Counter[int | None] = Counter()
    for by_team in cells.values():
        totals.update(by_team)
    names = {str(team): team for team in sorted(totals, key=str)}
    rows = shown({name: totals[team] for name, team in names.items()})
    return tuple(tuple(names[key] for key in row.keys) for row in rows or ())


def _share(topic: str, rows: Rows) -> Share:
    count, of = alone(rows, YES) or 0, sum(row.count for row in rows)
    return Share(min(rounded(count), of) if topic in ROUNDED else count, of)


def rounded(count: int) -> int:
    """To the nearest ten, halves upwards: the smallest that may be shown is not rounded away."""
    return (count + NEAREST // 2) // NEAREST * NEAREST


def across(several: Iterable[Figures]) -> Figures:
    """Added up for readers of no organisation in particular: nothing of one alone, for that would be its own page."""
    summed = added_up(several)
    if summed.organisations != 1:
        return summed
    return Figures(None, organisations=1, too_few=summed.too_few)


def added_up(several: Iterable[Figures]) -> Figures:
    """What each shows by itself, in one. A row that some show and others do not says how many do not."""
    several = list(several)
    too_few = sum(figures.too_few for figures in several)
    organisations = sum(figures.organisations for figures in several)
    tables: dict[str, Table] = {}
    for topic in dict.fromkeys(topic for figures in several for topic in figures.tables):
        of_each = [figures.tables.get(topic) for figures in several]
        summed = _tables_added_up([table for table in of_each if table])
        if summed.rows or None not in of_each:  # nothing is said of none where some have too few
            tables[topic] = summed
    shares: dict[tuple[str, str], Share] = {}
    for figures in several:
        for name, share in figures.shares.items():
            before = shares.get(name, Share(0, 0))
            shares[name] = Share(before.count + share.count, before.of + share.of)
    return Figures(
        total=sum(figures.total or 0 for figures in several) if organisations or not too_few else None,
        tables=tables,
        shares=shares,
        organisations=organisations,
        too_few=too_few,
    )


def _tables_added_up(tables: Sequence[Table]) -> Table:
    by_itself: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    keys: dict[str, None] = {}
    together = 0
    for table in tables:
        for row in table.rows:
            keys.update(dict.fromkeys(row.keys))
            if row.is_together:
                left_out.update(row.keys)
                together += row.count
            else:
                by_itself[row.keys[0]] += row.count
    rows = [Row((key,), by_itself[key]) for key in keys if key in by_itself]
    if together:
        rows.append(Row(tuple(key for key in keys if key in left_out), together))
    return Table(tuple(rows), dict(left_out))
