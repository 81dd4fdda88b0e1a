"""Regular expressions of the product: twice the text costs twice the work, whatever the text is."""

from __future__ import annotations

import importlib
import pkgutil
import re
from itertools import product

import pytest

import decisions
import guidance
import sharingwell
from tests.regex_steps import TooManySteps, first_end, steps_of

pytestmark = pytest.mark.no_cover  # it runs an interpreter of patterns, and no line of the product

SHORT, LONG = 60, 180
MOST_STEPS = 100_000
ALWAYS = "0a A.-@\n"  # what most patterns look for


def all_patterns() -> dict[str, re.Pattern[str]]:
    """Each pattern of a module, by its source."""
    found: dict[str, re.Pattern[str]] = {}
    for package in (decisions, guidance, sharingwell):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(part in module.name for part in (".migrations", ".management.", ".asgi", ".dev.")):
                continue
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, re.Pattern) and value.pattern not in found:
                    found[value.pattern] = value
    return found


PATTERNS = all_patterns()


def hostile_texts(pattern: re.Pattern[str], length: int) -> list[str]:
    """Long runs of what the pattern looks for and of pairs of it, ended by what it does not expect."""
    own = list(dict.fromkeys(re.sub(r"[\w\s\\]", "", pattern.pattern)))[:8]
    letters = list(dict.fromkeys([*ALWAYS, *own]))
    pairs = (f"{one}{other}" for one, other in product([*"0a ", *own], repeat=2) if one != other)
    texts = [f"{pair * (length // 2)}\x01" for pair in pairs]
    starts = ["", "a", "a@", "Mr A", "1 1", "# a", "- ", "[^"]
    return texts + [
        f"{start}{letter * length}{end}" for start in starts for letter in letters for end in ("", "\x01")
    ]


@pytest.mark.parametrize("source", PATTERNS)
def test_pattern_takes_steps_in_proportion_to_the_text(source: str) -> None:
    pattern = PATTERNS[source]
    for short, long in zip(hostile_texts(pattern, SHORT), hostile_texts(pattern, LONG), strict=True):
        few = steps_of(pattern, short, most=MOST_STEPS)
        try:
            many = steps_of(pattern, long, most=few * 5 + 200)  # three times the text
        except TooManySteps:
            pytest.fail(f"{long[:20]!r}… costs more than in proportion")
        assert many >= few


@pytest.mark.parametrize(
    ("source", "text"),
    [  # of which the first letter stands once, and the rest is repeated
        (r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", "00"),
        (r"(\s*)(\w+(?:[’'\-./@]\w+)*|[^\w\s])", "a "),
        (r"(?:\n[^\S\n]*)+x", "a\n"),
        (r"\[\^(?P<number>[^\]]*)\]", "a[^"),
        (r"(?:a+)+b", "aa"),
    ],
)
def test_steps_of_a_pattern_that_reads_the_same_again_are_seen_to_grow(source: str, text: str) -> None:
    pattern = re.compile(source)
    few = steps_of(pattern, f"{text[0]}{text[1:] * 10}", most=MOST_STEPS)
    with pytest.raises(TooManySteps):
        steps_of(pattern, f"{text[0]}{text[1:] * 160}", most=few * 24)


@pytest.mark.parametrize("source", PATTERNS)
@pytest.mark.parametrize(
    "text", ["a@b.cc, 1 Jan 1974\n# A {#b}\n::: note 1\n", '2026-Q1 <div data-slot="1"></div>']
)
def test_counting_finds_what_python_finds(source: str, text: str) -> None:
    found = PATTERNS[source].match(text)
    assert first_end(PATTERNS[source], text) == (found.end() if found else None)
