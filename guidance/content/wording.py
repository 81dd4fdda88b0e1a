"""The words of a question or an option for one direction: `{"told": {"text": …, "hint": …, "statement": …}}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guidance.choices import Direction

if TYPE_CHECKING:
    from guidance.content.schema import Wording


def stored_wording(wording: Mapping[Direction, Wording]) -> dict[str, dict[str, str]]:
    """As a row keeps it, without what is empty."""
    return {
        direction.value: words.model_dump(mode="json", exclude_defaults=True)
        for direction, words in wording.items()
    }


def words_for(wording: Mapping[Any, Any], direction: Direction, name: str) -> str:
    """The direction's `text`, `hint` or `statement`, or an empty string; of values, or of a draft's row, unchecked."""
    words = wording.get(direction) or {}
    return str(words.get(name, "") if isinstance(words, Mapping) else getattr(words, name))


def all_words(wording: Mapping[Direction, Wording]) -> list[str]:
    """Every text and hint of every direction, for the search; a statement repeats its question."""
    return [words for each in wording.values() for words in (each.text, each.hint) if words]
