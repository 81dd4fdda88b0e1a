"""Counts the steps that a backtracking search takes, which Python's own `re` does not tell.

A step is one look at one character, or at one place, as `re` would take it. Seconds differ from machine to machine;
steps do not, so a test can say that twice the text costs about twice the steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any


class TooManySteps(Exception):
    """The search went on for longer than it was allowed to."""


def steps_of(pattern: re.Pattern[str], text: str, *, most: int) -> int:
    """To find all matches in a text. Raises TooManySteps."""
    return _Search(pattern, text, most).run()


def first_end(pattern: re.Pattern[str], text: str) -> int | None:
    """Where a match at the beginning of a text ends."""
    search = _Search(pattern, text, 1_000_000)
    return next(search._sequence(search.nodes, 0), None)


class _Search:
    def __init__(self, pattern: re.Pattern[str], text: str, most: int) -> None:
        self.nodes, self.singles = _parsed(pattern)
        self.flags = pattern.flags & ~re.DEBUG
        self.text, self.most, self.steps = text, most, 0

    def run(self) -> int:
        at = 0
        while at <= len(self.text):
            end = next(self._sequence(self.nodes, at), None)
            at = at + 1 if end is None or end == at else end
        return self.steps

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManySteps

    def _sequence(self, nodes: list[Any], at: int) -> Iterator[int]:
        if not nodes:
            yield at
            return
        for end in self._node(nodes[0], at):
            yield from self._sequence(nodes[1:], end)

    def _node(self, node: Any, at: int) -> Iterator[int]:
        code, argument = node
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
            yield from self._repeat(argument, at, is_greedy=code == codes.MAX_REPEAT)
        elif code == codes.POSSESSIVE_REPEAT:
            yield from self._first(self._repeat(argument, at, is_greedy=True))
        elif code == codes.ATOMIC_GROUP:
            yield from self._first(self._sequence(list(argument), at))
        elif code == codes.SUBPATTERN:
            yield from self._sequence(list(argument[-1]), at)
        elif code == codes.BRANCH:
            for branch in argument[1]:
                yield from self._sequence(list(branch), at)
        elif code in {codes.ASSERT, codes.ASSERT_NOT}:
            yield from self._look(code, argument, at)
        else:
            self._step()
            found = self._single(node).match(self.text, at)
            if found:
                yield found.end()

    def _single(self, node: Any) -> re.Pattern[str]:
        found = self.singles.get(id(node))
        if found is None:
            found = self.singles[id(node)] = re.compile(_source(node), self.flags)
        return found

    def _first(self, ends: Iterator[int]) -> Iterator[int]:
        end = next(ends, None)
        if end is not None:
            yield end

    def _look(self, code: Any, argument: Any, at: int) -> Iterator[int]:
        direction, nodes = argument
        width = nodes.getwidth()[0] if direction < 0 else 0
        is_there = at >= width and next(self._sequence(list(nodes), at - width), None) is not None
        if is_there == (code == codes.ASSERT):
            yield at

    def _repeat(self, argument: Any, at: int, *, is_greedy: bool) -> Iterator[int]:
        least, most, nodes = argument
        if is_greedy:
            yield from self._greedy(list(nodes), at, least, most)
        else:
            yield from self._lazy(list(nodes), at, least, most)

    def _greedy(self, nodes: list[Any], at: int, least: int, most: Any) -> Iterator[int]:
        """Without recursion for each time round: `places` holds the ways that are still to be tried."""
        places = [(at, self._sequence(nodes, at))]
        while places:
            start, ends = places[-1]
            end = next(ends, None) if len(places) <= most else None
            if end is not None and (end > start or len(places) <= least):
                places.append((end, self._sequence(nodes, end)))
            else:
                places.pop()
                if len(places) >= least:
                    yield start

    def _lazy(self, nodes: list[Any], at: int, least: int, most: Any) -> Iterator[int]:
        if least <= 0:
            yield at
        if most > 0:
            for end in self._sequence(nodes, at):
                if end > at:
                    yield from self._lazy(nodes, end, least - 1, most - 1)


@cache
def _parsed(pattern: re.Pattern[str]) -> tuple[list[Any], dict[int, re.Pattern[str]]]:
    """Its nodes, kept so that each can be told by its identity, and what is compiled of them."""
    return list(parser.parse(pattern.pattern, pattern.flags)), {}


def _source(node: Any) -> str:
    """A part of a pattern that looks at one character or one place, as a pattern by itself."""
    code, argument = node
    if code == codes.LITERAL:
        return re.escape(chr(argument))
    if code == codes.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    if code == codes.ANY:
        return "."
    if code == codes.AT:
        return PLACES[argument]
    assert code == codes.IN, node
    inside = "".join(_of_class(each) for each in argument)
    return f"[{inside}]"


def _of_class(node: Any) -> str:
    code, argument = node
    if code == codes.NEGATE:
        return "^"
    if code == codes.LITERAL:
        return re.escape(chr(argument))
    if code == codes.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    assert code == codes.CATEGORY, node
    return CATEGORIES[argument]


PLACES = {
    codes.AT_BEGINNING: "^",
    codes.AT_BEGINNING_STRING: r"\A",
    codes.AT_END: "$",
    codes.AT_END_STRING: r"\Z",
    codes.AT_BOUNDARY: r"\b",
    codes.AT_NON_BOUNDARY: r"\B",
}
CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}
