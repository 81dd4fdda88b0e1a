"""Figures of one organisation and quarter after suppression, and their sums across organisations. Pure.

Sums use each organisation's suppressed figures only, so they disclose no more than those figures do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from decisions.statistics.suppression import (
    YES,
    Row,
    Rows,
    Split,
    count_of,
    is_safe,
    split,
    split_yes_no,
    suppress,
)

if TYPE_CHECKING:
    from decisions.statistics.counts import Cell

OUTCOME, TIME, RELATIONSHIP, ADVICE = (
    "outcome",
    "time",
    "relationship",
    "advice",
)  # one category for each round
KIND, CONSIDERED, AFTERWARDS = "kind", "considered", "afterwards"  # any number for each round
STATED = "stated"  # among the rounds of one outcome
VERSION = "version"
OPEN, NOTED = "open", "noted"  # among the rounds of one version, which prefixes the key
LOOK_AGAIN = "look-again"  # counts decisions, not rounds
# Rounded: these follow from answers by a rule, so exact numbers would disclose exact counts of answers.
ROUNDED = (CONSIDERED, OPEN, NOTED)
NEAREST = 10

Teams = tuple[int | None, ...]
Counts = dict[str, dict[Teams, int]]
Order = Mapping[str, Sequence[str]]  # all categories of a topic, empty ones too


@dataclass(frozen=True)
class Share:
    """A count and its base."""

    count: int
    of: int


@dataclass(frozen=True)
class Table:
    """Rows of a topic. `merged_in` is, by key, the number of organisations that show it only in a merged row."""

    rows: Rows
    merged_in: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Figures of a quarter after suppression. A total of None, or a missing topic, is suppressed.

    `organisations` is the number of organisations included, `too_few` the number left out for small totals.
    """

    total: int | None
    tables: Mapping[str, Table] = field(default_factory=dict)
    shares: Mapping[tuple[str, str], Share] = field(default_factory=dict)  # by (topic, category)
    organisations: int = 1
    too_few: int = 0


NOTHING = Figures(total=0, organisations=0)
TOO_FEW = Figures(total=None, organisations=0, too_few=1)


class OrganisationQuarter:
    """The counts of one organisation and quarter, with suppressed figures of the whole and of each team."""

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
        """Figures of one team. A team without rounds gets the same answer as one with too few."""
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
        due = _teams(self.cells[LOOK_AGAIN])  # teams by number of decisions, not rounds
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
            for key, matching in self._by_part(topic, self.teams).items():
                made = split_yes_no(matching, totals, self.teams)
                if made:
                    yield (topic, key), made
        for key, matching in self._by_part(STATED, self.teams).items():
            yield from self._within(OUTCOME, key, (STATED, key), matching, outcomes)
        versions = self._by_part(VERSION, self.teams)
        for topic in (OPEN, NOTED):
            for key, matching in self._by_part(topic, self.teams).items():
                yield from self._within(VERSION, key.partition("/")[0], (topic, key), matching, versions)

    def _within(
        self, topic: str, row: str, name: tuple[str, str], matching: Mapping[Teams, int], rows: Counts
    ) -> Iterable[tuple[tuple[str, str], Split[Teams]]]:
        """Shares within one row of a table, only if that row is not merged."""
        table = self.splits.get(topic)
        if table is None or count_of(table.whole, row) is None:
            return
        made = split_yes_no(matching, {part: rows[row].get(part, 0) for part in self.teams}, self.teams)
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
    """Teams that are large enough, and the others merged; empty if the total is too small."""
    totals: Counter[int | None] = Counter()
    for by_team in cells.values():
        totals.update(by_team)
    names = {str(team): team for team in sorted(totals, key=str)}
    rows = suppress({name: totals[team] for name, team in names.items()})
    return tuple(tuple(names[key] for key in row.keys) for row in rows or ())


def _share(topic: str, rows: Rows) -> Share:
    count, of = count_of(rows, YES) or 0, sum(row.count for row in rows)
    return Share(min(rounded(count), of) if topic in ROUNDED else count, of)


def rounded(count: int) -> int:
    """Round to the nearest ten, halves up, so that MIN_COUNT does not become zero."""
    return (count + NEAREST // 2) // NEAREST * NEAREST


def sum_across_organisations(several: Iterable[Figures]) -> Figures:
    """Sum for the partnership. Suppressed if only one organisation is included, which it would disclose."""
    summed = sum_figures(several)
    if summed.organisations != 1:
        return summed
    return Figures(None, organisations=1, too_few=summed.too_few)


def sum_figures(several: Iterable[Figures]) -> Figures:
    """Sum suppressed figures. A row notes how many organisations show it only merged."""
    several = list(several)
    too_few = sum(figures.too_few for figures in several)
    organisations = sum(figures.organisations for figures in several)
    tables: dict[str, Table] = {}
    for topic in dict.fromkeys(topic for figures in several for topic in figures.tables):
        organisation_tables = [figures.tables.get(topic) for figures in several]
        summed = _sum_tables([table for table in organisation_tables if table])
        if summed.rows or None not in organisation_tables:  # no empty table if some organisations suppress it
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


def _sum_tables(tables: Sequence[Table]) -> Table:
    separate: Counter[str] = Counter()
    merged_in: Counter[str] = Counter()
    keys: dict[str, None] = {}
    merged = 0
    for table in tables:
        for row in table.rows:
            keys.update(dict.fromkeys(row.keys))
            if row.is_merged:
                merged_in.update(row.keys)
                merged += row.count
            else:
                separate[row.keys[0]] += row.count
    rows = [Row((key,), separate[key]) for key in keys if key in separate]
    if merged:
        rows.append(Row(tuple(key for key in keys if key in merged_in), merged))
    return Table(tuple(rows), dict(merged_in))
