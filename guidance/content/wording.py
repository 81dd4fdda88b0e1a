"""The words of a question or an option when the information goes one way: `{"told": {"text": …, "hint": …}}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guidance.content.schema import Wording
from guidance.models import Direction


def stored_wording(wording: Mapping[Direction, Wording]) -> dict[str, dict[str, str]]:
    """As a row keeps it, without what is empty."""
    return {
        direction.value: words.model_dump(mode="json", exclude_defaults=True)
        for direction, words in wording.items()
    }


def words_for(wording: Mapping[Any, Any], direction: Direction) -> tuple[str, str]:
    """Text and hint, empty where there are none; of values, or of a draft's row as it stands, unchecked."""
    words = wording.get(direction) or {}
    if isinstance(words, Wording):
        return words.text, words.hint
    return str(words.get("text", "")), str(words.get("hint", ""))


def all_words(wording: Mapping[Direction, Wording]) -> list[str]:
    """Every text and hint of every direction, to look for words in."""
    return [words for each in wording.values() for words in (each.text, each.hint) if words]
