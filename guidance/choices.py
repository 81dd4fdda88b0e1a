"""Choices of the guide, for pure code and for the columns of `guidance.models`. Pure."""

from __future__ import annotations

from enum import EnumType, StrEnum
from typing import Any


class LabelledType(EnumType):
    """Adds `values` and `choices`, as Django's ChoicesType does."""

    @property
    def values(cls: type[Any]) -> list[str]:
        return [member.value for member in cls]

    @property
    def choices(cls: type[Any]) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Labelled(StrEnum, metaclass=LabelledType):
    """Text values with labels, as Django's TextChoices."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Part(Labelled):
    """Parts of a round, in the guide's order."""

    WHAT = "what", "What?"
    WHO = "who", "Who?"
    WHY = "why", "Why?"
    ROLE = "role", "Your role"
    DECIDE = "decide", "Decide"


class Direction(Labelled):
    """Direction in which the information would go."""

    ASKED = "asked", "We were asked for information"
    SHARE = "share", "We want to share information"
    TOLD = "told", "Someone has told us something"
    ASK = "ask", "We want to ask for information"


class QuestionKind(Labelled):
    """Kind of answer."""

    TEXT = "text", "Text"
    ONE = "one", "One choice"
    SEVERAL = "several", "Several choices"
    DATE = "date", "Date"
