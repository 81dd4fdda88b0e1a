"""Finds text copied from a record. Worked examples are reworded, so that nobody can be identified. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

NGRAM_LENGTH = 8  # consecutive words; shorter matches may be chance
WORD = re.compile(r"\w+(?:['’]\w+)*")
MIN_NAME_LENGTH = 3  # characters; shorter case references occur in any text

Record = dict[str, Any]


def verbatim_passages(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Passages of a text that occur in a source, ignoring case and punctuation."""
    words = list(WORD.finditer(text))
    plain = [_plain(word[0]) for word in words]
    known = {
        ngram for source in sources for ngram in _ngrams([_plain(word) for word in WORD.findall(source)])
    }
    found: list[tuple[int, int]] = []
    for at, ngram in enumerate(_ngrams(plain)):
        if ngram in known:
            if found and at < found[-1][1]:
                found[-1] = (found[-1][0], at + NGRAM_LENGTH)
            else:
                found.append((at, at + NGRAM_LENGTH))
    return tuple(text[words[start].start() : words[end - 1].end()] for start, end in found)


def names_found(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names or references that occur in the text."""
    words = f" {' '.join(_plain(word) for word in WORD.findall(text))} "
    return tuple(
        name
        for name in dict.fromkeys(names)
        if len(name) >= MIN_NAME_LENGTH
        and f" {' '.join(_plain(word) for word in WORD.findall(name))} " in words
    )


def written_texts(thread: dict[str, Any]) -> Iterator[str]:
    """Texts that people wrote in a decision (see `decisions.record.decision_export`), without the guide's wording."""
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


def identifying_names(thread: dict[str, Any]) -> Iterator[str]:
    """Names and references that identify a decision or its author."""
    yield thread["reference"]
    for event in thread["happened"]:
        yield event["by"]
        for record in _records_of(event):
            yield from (record["case_reference"], record["organisation"], record["team"])


def _records_of(event: dict[str, Any]) -> Iterator[Record]:
    """Records of a round, or of a draft as it stood when advice was asked."""
    for name in ("record", "as_it_stood"):
        if name in event:
            yield event[name]


def _ngrams(words: list[str]) -> Iterator[tuple[str, ...]]:
    for at in range(len(words) - NGRAM_LENGTH + 1):
        yield tuple(words[at : at + NGRAM_LENGTH])


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")
