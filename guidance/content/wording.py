"""Wording of a question or an option by direction: `{"told": {"text": …, "hint": …, "statement": …}}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guidance.choices import Direction

if TYPE_CHECKING:
    from guidance.content.schema import Wording


def wording_column(wording: Mapping[Direction, Wording]) -> dict[str, dict[str, str]]:
    """Value of the database column, without empty texts."""
    return {
        direction.value: words.model_dump(mode="json", exclude_defaults=True)
        for direction, words in wording.items()
    }


def text_for_direction(wording: Mapping[Any, Any], direction: Direction, name: str) -> str:
    """`text`, `hint` or `statement` for the direction, or an empty string. Takes values or a draft's row."""
    words = wording.get(direction) or {}
    return str(words.get(name, "") if isinstance(words, Mapping) else getattr(words, name))


def all_words(wording: Mapping[Direction, Wording]) -> list[str]:
    """Every text and hint of every direction, for the search; a statement repeats its question."""
    return [words for each in wording.values() for words in (each.text, each.hint) if words]
