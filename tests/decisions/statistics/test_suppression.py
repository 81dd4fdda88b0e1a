"""Simulates attackers who derive a count of one to four from several views, or from knowing the algorithm."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from decisions.statistics.counts import Cell
from decisions.statistics.figures import Figures, OrganisationQuarter, sum_figures
from decisions.statistics.suppression import Row, is_safe, split, split_yes_no, suppress

ORGANISATIONS, TEAMS, QUARTERS = (1, 2), (1, 2), (0, 1)
OUTCOMES, KINDS, STATED = ("share", "do-not-share", "ask"), ("with", "without"), ("stated", "not stated")
PRIME = 1_000_003
DAYS = [datetime.date(2026, 1, 1), datetime.date(2026, 4, 1)]
ORDER = {"outcome": OUTCOMES}

Atom = tuple[
    int, int, int, str, str, str
]  # organisation, team, quarter, outcome, kind, whether the risk is stated
ATOMS: list[Atom] = list(product(ORGANISATIONS, TEAMS, QUARTERS, OUTCOMES, KINDS, STATED))
NUMBERS = {atom: number for number, atom in enumerate(ATOMS)}


class TestOneTable:
    def test_merges_small_counts(self) -> None:
        assert suppress({"a": 9, "b": 3, "c": 0, "d": 4}) == (Row(("a",), 9), Row(("b", "c", "d"), 7))

    def test_merges_one_more_if_the_merged_count_is_too_small(self) -> None:
        assert suppress({"a": 9, "b": 3, "c": 20}) == (Row(("a",), 9), Row(("b", "c"), 23))

    def test_suppresses_a_small_total_and_shows_zero(self) -> None:
        assert suppress({"a": 3, "b": 1}) is None
        assert suppress({"a": 0, "b": 0}) == (Row(("a",), 0), Row(("b",), 0))

    def test_shows_a_share_only_if_its_complement_is_safe(self) -> None:
        assert split_yes_no({"x": 17}, {"x": 20}, ["x"]) is None
        assert split_yes_no({"x": 20}, {"x": 20}, ["x"]) is not None


def published_so(
    worlds: Iterable[tuple[int, ...]], publish: Callable[[tuple[int, ...]], Any]
) -> Iterator[list[tuple[int, ...]]]:
    """Groups all possible data by the output they produce."""
    alike = defaultdict(list)
    for world in worlds:
        alike[publish(world)].append(world)
    yield from alike.values()


def gives_away(worlds: list[tuple[int, ...]]) -> bool:
    return any(len(set(values)) == 1 and 1 <= values[0] <= 4 for values in zip(*worlds, strict=True))


class TestKnownAlgorithm:
    """The code is open, so an attacker can list all data that produce the same output."""

    @pytest.mark.parametrize(("kinds", "largest"), [(2, 20), (3, 14), (4, 8)])
    def test_discloses_no_small_count_of_a_table(self, kinds: int, largest: int) -> None:
        worlds = (world for world in product(range(largest + 1), repeat=kinds) if sum(world) <= largest)
        published = list(published_so(worlds, lambda world: suppress(dict(zip("abcd", world, strict=False)))))
        assert len(published) > 1
        for alike in published:
            assert not gives_away(alike), alike

    @pytest.mark.parametrize(("kinds", "parts", "most"), [(2, 2, 18), (3, 2, 12), (2, 3, 12)])
    def test_discloses_no_small_count_of_a_part(self, kinds: int, parts: int, most: int) -> None:
        def totals(world: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(sum(world[part::parts]) for part in range(parts))

        def publish(world: tuple[int, ...]) -> Any:
            cells = {
                kind: dict(enumerate(world[at * parts : (at + 1) * parts]))
                for at, kind in enumerate("abc"[:kinds])
            }
            made = split(cells, range(parts))
            return made and (made.whole, totals(world), tuple(made.parts.items()))

        worlds = (world for world in summing_to(most, kinds * parts) if all(map(is_safe, totals(world))))
        published = list(published_so(worlds, publish))
        assert len(published) > 1
        for alike in published:
            assert not gives_away(alike), alike


def summing_to(most: int, length: int) -> Iterator[tuple[int, ...]]:
    if length == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in summing_to(most - first, length - 1):
            yield (first, *rest)


class Attacker:
    """Combines all views by linear algebra: each number shown is a sum of atoms."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, int]] = {}  # by pivot; modulo a large prime

    def sees(self, atoms: Iterable[Atom]) -> None:
        row = self._reduced({NUMBERS[atom]: 1 for atom in atoms})
        if row:
            pivot = min(row)
            inverse = pow(row[pivot], -1, PRIME)
            self.rows[pivot] = {at: value * inverse % PRIME for at, value in row.items()}

    def can_work_out(self, atoms: Iterable[Atom]) -> bool:
        return not self._reduced({NUMBERS[atom]: 1 for atom in atoms})

    def _reduced(self, row: dict[int, int]) -> dict[int, int]:
        at = 0
        while any(each >= at for each in row):
            at = min(each for each in row if each >= at)
            if at in self.rows:
                factor = row[at]
                for each, value in self.rows[at].items():
                    row[each] = (row.get(each, 0) - factor * value) % PRIME
                    if not row[each]:
                        del row[each]
            at += 1
        return row


def some(values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return list(chain.from_iterable(combinations(values, size) for size in range(1, len(values) + 1)))


def atoms_of(
    organisations: Iterable[int],
    teams: Iterable[Any],
    quarter: int,
    outcomes: Iterable[str] = OUTCOMES,
    kinds: Iterable[str] = KINDS,
    stated: Iterable[str] = STATED,
) -> list[Atom]:
    return list(product(organisations, teams, [quarter], outcomes, kinds, stated))


def see(
    attacker: Attacker, figures: Figures, organisation: int, teams: tuple[int, ...], quarter: int
) -> None:
    """Passes every number of one view to the attacker."""
    of_it: tuple[Any, ...] = ([organisation], teams, quarter)
    if figures.total is not None:
        attacker.sees(atoms_of(*of_it))
    for row in figures.tables["outcome"].rows if "outcome" in figures.tables else ():
        attacker.sees(atoms_of(*of_it, row.keys))
    for topic, key in figures.shares:
        if topic == "kind":
            attacker.sees(atoms_of(*of_it, kinds=[key]))
        else:
            attacker.sees(atoms_of(*of_it, [key]))
            attacker.sees(atoms_of(*of_it, [key], stated=["stated"]))


worlds = st.dictionaries(st.sampled_from(ATOMS), st.sampled_from([1, 2, 3, 4, 5, 6, 9, 30]), max_size=14)


@hypothesis_settings(max_examples=150)
@given(worlds)
@example(
    {
        (1, 1, 0, "ask", "with", "stated"): 10,
        (1, 1, 0, "ask", "with", "not stated"): 10,
        (1, 1, 0, "do-not-share", "with", "stated"): 3,
        (1, 1, 0, "share", "with", "stated"): 5,
    }
)
def test_no_small_count_follows_from_all_views(world: dict[Atom, int]) -> None:
    """Views: each organisation's quarters, whole and by team, and their sums."""
    attacker = Attacker()
    for quarter in QUARTERS:
        wholes = {}
        for organisation in ORGANISATIONS:
            made = OrganisationQuarter(cells_of(world, organisation, quarter), ORDER)
            wholes[organisation] = made.whole()
            see(attacker, wholes[organisation], organisation, TEAMS, quarter)
            for team in TEAMS:
                see(attacker, made.of_team(team), organisation, (team,), quarter)
        see_added_up(attacker, wholes, quarter)
    for organisations, teams, quarters in product(some(ORGANISATIONS), some(TEAMS), some(QUARTERS)):
        for outcomes, kinds, stated in product(some(OUTCOMES), some(KINDS), some(STATED)):
            atoms = list(product(organisations, teams, quarters, outcomes, kinds, stated))
            number = sum(world.get(atom, 0) for atom in atoms)
            assert not 1 <= number <= 4 or not attacker.can_work_out(atoms), (atoms, number)


def see_added_up(attacker: Attacker, wholes: dict[int, Figures], quarter: int) -> None:
    """Passes the sums across organisations: each row covers the organisations that show it separately."""
    summed = sum_figures(wholes.values())
    if summed.total is not None:
        whole = [organisation for organisation, figures in wholes.items() if figures.total is not None]
        attacker.sees(atoms_of(whole, TEAMS, quarter))
        assert summed.organisations == sum(bool(figures.total) for figures in wholes.values())
    for row in summed.tables["outcome"].rows if "outcome" in summed.tables else ():
        parts = [
            atoms_of([organisation], TEAMS, quarter, each.keys)
            for organisation, figures in wholes.items()
            if "outcome" in figures.tables
            for each in figures.tables["outcome"].rows
            if (each.is_merged if row.is_merged else each.keys == row.keys)
        ]
        attacker.sees(chain.from_iterable(parts))


def cells_of(world: dict[Atom, int], organisation: int, quarter: int) -> list[Cell]:
    counted: Counter[tuple[int, str, str]] = Counter()
    for (of, team, at, outcome, kind, stated), number in world.items():
        if (of, at) == (organisation, quarter) and number:
            counted[team, "outcome", outcome] += number
            if kind == "with":
                counted[team, "kind", kind] += number
            if stated == "stated":
                counted[team, "stated", outcome] += number
    return [
        Cell(organisation, team, DAYS[quarter], topic, category, number)
        for (team, topic, category), number in counted.items()
    ]


def test_the_attacker_finds_unsuppressed_counts() -> None:
    """Two views that differ by a small count disclose it."""
    attacker = Attacker()
    attacker.sees(ATOMS)
    attacker.sees(ATOMS[1:])
    assert attacker.can_work_out(ATOMS[:1])
    assert not attacker.can_work_out(ATOMS[:2])
