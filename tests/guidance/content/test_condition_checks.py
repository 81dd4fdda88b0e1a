"""Conditions refer to known options, and can hold. Errors in files are tested in `test_reader`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.choices import Direction
from guidance.considerations import applicable
from guidance.content.condition_checks import check_considerations
from guidance.content.schema import Consideration, Question

QUESTIONS = tuple(
    Question.model_validate(question)
    for question in [
        {
            "key": "what.one",
            "kind": "one",
            "text": "One?",
            "options": (
                {"key": "always", "text": "Always"},
                {"key": "to-give", "text": "When giving", "directions": ("asked", "share")},
                {"key": "to-take", "text": "When taking", "directions": ("told", "ask")},
            ),
        },
        {
            "key": "what.several",
            "kind": "several",
            "text": "Several?",
            "options": (
                {"key": "health", "text": "Health"},
                {"key": "money", "text": "Money", "directions": ("told",)},
                {"key": "dont-know", "text": "I don't know", "exclusive": True},
            ),
        },
        {"key": "what.words", "kind": "text", "text": "Words?", "max_length": 200},
        {"key": "what.day", "kind": "date", "text": "When?"},
    ]
)

TOLD, ASKED = {"question": "direction", "is": "told"}, {"question": "direction", "is": "asked"}
GIVE, TAKE = {"question": "what.one", "is": "to-give"}, {"question": "what.one", "is": "to-take"}
HEALTH, MONEY, DONT_KNOW = (
    {"question": "what.several", "includes": key} for key in ("health", "money", "dont-know")
)


def unanswered(key: str) -> dict[str, Any]:
    return {"question": key, "unanswered": True}


def consideration(condition: dict[str, Any]) -> Consideration:
    return Consideration.model_validate(
        {
            "key": "think",
            "part": "what",
            "kind": "think",
            "text": "Think.",
            "condition": condition,
            "cites": ["principle:1"],
        }
    )


def places(condition: dict[str, Any]) -> list[tuple[str | int, ...]]:
    found = check_considerations([consideration(condition)], QUESTIONS)
    return [finding.place[2:] for finding in found]


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [TOLD, TAKE]},
        {"all": [GIVE], "any": [ASKED, {"question": "direction", "is": "share"}]},
        {"all": [TOLD, HEALTH, MONEY]},
        {"all": [HEALTH, {"question": "what.one", "is_not": "always"}]},
        {
            "all": [
                {"question": "direction", "is_not": "told"},
                {"question": "direction", "is_not": "ask"},
                GIVE,
            ]
        },
        {"all": [unanswered("what.words"), unanswered("what.day"), unanswered("what.one")]},
        {"any": [GIVE, TAKE, DONT_KNOW]},
    ],
)
def test_conditions_that_can_hold_are_accepted(condition: dict[str, Any]) -> None:
    assert places(condition) == []
    assert places({"all": [*condition.get("all", []), TOLD, ASKED]}) != []


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"all": [TOLD, GIVE]}, ("all",)),
        ({"all": [TOLD, ASKED]}, ("all",)),
        ({"all": [GIVE, TAKE]}, ("all",)),
        ({"all": [GIVE, MONEY]}, ("all",)),
        ({"all": [HEALTH, DONT_KNOW]}, ("all",)),
        ({"all": [GIVE, unanswered("what.one")]}, ("all",)),
        ({"all": [{"question": "direction", "is_not": each} for each in Direction.values]}, ("all",)),
        ({"all": [TOLD], "any": [TAKE, GIVE]}, ("any", 1)),
        ({"all": [HEALTH], "any": [MONEY, DONT_KNOW, ASKED]}, ("any", 1)),
    ],
)
def test_conditions_that_can_never_hold_are_reported(
    condition: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    assert places(condition) == [place]


# Every answer there can be, in few enough words to go through them all

ONE = [None, "always", "to-give", "to-take"]
SEVERAL = [None, ["health"], ["money"], ["health", "money"], ["dont-know"]]
WORDS = [None, "Some words."]
EVERY_ANSWER = [
    ({"what.one": one, "what.several": several, "what.words": words}, direction)
    for one in ONE
    for several in SEVERAL
    for words in WORDS
    for direction in Direction
    if not (one == "to-give" and direction in {"told", "ask"})
    if not (one == "to-take" and direction in {"asked", "share"})
    if not (several and "money" in several and direction != "told")
]
clauses = st.one_of(
    st.sampled_from([TOLD, ASKED, GIVE, TAKE, HEALTH, MONEY, DONT_KNOW]),
    st.sampled_from(["what.one", "what.several", "what.words"]).map(unanswered),
    st.sampled_from(["always", "to-give", "to-take"]).map(
        lambda key: {"question": "what.one", "is_not": key}
    ),
    st.sampled_from(Direction.values).map(lambda key: {"question": "direction", "is_not": key}),
)


@given(st.lists(clauses, min_size=1, max_size=5))
def test_a_condition_is_reported_exactly_when_no_answers_fulfil_it(together: list[dict[str, Any]]) -> None:
    asked = consideration({"all": together})
    reached = any(applicable([asked], answers, direction, QUESTIONS) for answers, direction in EVERY_ANSWER)

    assert (places({"all": together}) == []) is reached
