"""What a text has taken over from a record. A worked example is written anew: nobody is to be known by it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

RUN = 8  # words, one after the other, that no two people write by chance
WORD = re.compile(r"\w+(?:['’]\w+)*")
SHORTEST_NAME = 3  # letters: a shorter case reference would be found in any text

Record = dict[str, Any]


def verbatim_passages(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """The passages of a text that stand in one of the sources, however they are capitalised and punctuated there."""
    words = list(WORD.finditer(text))
    plain = [_plain(word[0]) for word in words]
    known = {run for source in sources for run in _runs([_plain(word) for word in WORD.findall(source)])}
    found: list[tuple[int, int]] = []
    for at, run in enumerate(_runs(plain)):
        if run in known:
            if found and at < found[-1][1]:
                found[-1] = (found[-1][0], at + RUN)
            else:
                found.append((at, at + RUN))
    return tuple(text[words[start].start() : words[end - 1].end()] for start, end in found)


def names_found(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Which of these names or references the text has."""
    words = f" {' '.join(_plain(word) for word in WORD.findall(text))} "
    return tuple(
        name
        for name in dict.fromkeys(names)
        if len(name) >= SHORTEST_NAME
        and f" {' '.join(_plain(word) for word in WORD.findall(name))} " in words
    )


def words_of(thread: dict[str, Any]) -> Iterator[str]:
    """All that people wrote in a decision (see `decisions.record.decision_export`): not what the guide says in it."""
    yield thread["summary"]
    for event in thread["happened"]:
        yield event["words"]
        for record in _records_of(event):
            yield record["changed"]
            for part in record["parts"]:
                for answer in part["answers"]:
                    if answer["kind"] == "text":
                        yield from answer["answer"]
            for each in record["considerations"]:
                yield each["thought"]


def names_of(thread: dict[str, Any]) -> Iterator[str]:
    """By which a decision, or who took it, could be found."""
    yield thread["reference"]
    for event in thread["happened"]:
        yield event["by"]
        for record in _records_of(event):
            yield from (record["case_reference"], record["organisation"], record["team"])


def _records_of(event: dict[str, Any]) -> Iterator[Record]:
    """Of a round, or of a draft as it stood when advice was asked."""
    for name in ("record", "as_it_stood"):
        if name in event:
            yield event[name]


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    for at in range(len(words) - RUN + 1):
        yield tuple(words[at : at + RUN])


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")
