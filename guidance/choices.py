"""Words the guide is built of, for code without Django and for the columns of `guidance.models`. Pure."""

from __future__ import annotations

from enum import EnumType, StrEnum
from typing import Any


class LabelledType(EnumType):
    """Gives `values` and `choices` of an enum, as Django's ChoicesType does."""

    @property
    def values(cls: type[Any]) -> list[str]:
        return [member.value for member in cls]

    @property
    def choices(cls: type[Any]) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Labelled(StrEnum, metaclass=LabelledType):
    """Text values with a label each, as Django's TextChoices."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Part(Labelled):
    """The parts of a round, in the guide's order."""

    WHAT = "what", "What?"
    WHO = "who", "Who?"
    WHY = "why", "Why?"
    ROLE = "role", "Your role"
    DECIDE = "decide", "Decide"


class Direction(Labelled):
    """Which way the information would go."""

    ASKED = "asked", "We were asked for information"
    SHARE = "share", "We want to share information"
    TOLD = "told", "Someone has told us something"
    ASK = "ask", "We want to ask for information"


class QuestionKind(Labelled):
    """How a question is answered."""

    TEXT = "text", "Text"
    ONE = "one", "One choice"
    SEVERAL = "several", "Several choices"
    DATE = "date", "Date"
