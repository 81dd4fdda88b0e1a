"""Questions that do not apply: their answers are kept in the draft, and are no part of the record."""

import pytest

from decisions.domain.answers import answered_questions, left_out
from guidance.content.schema import Condition
from tests.decisions.factories import make_option, make_question

OUTCOME = make_question(
    "decide.outcome", "one", options=(make_option("share"), make_option("refuse", reveals="decide.why_not"))
)
WHY_NOT = make_question("decide.why_not")
SHARED = make_question(
    "decide.shared",
    applies_when=Condition.model_validate({"any": [{"question": "decide.outcome", "is": "share"}]}),
)
ASKED_ON = make_question(
    "what.asked_on",
    applies_when=Condition.model_validate({"all": [{"question": "direction", "is": "asked"}]}),
)
QUESTIONS = (OUTCOME, WHY_NOT, SHARED, ASKED_ON)


@pytest.mark.parametrize(
    ("direction", "outcome", "asked"),
    [
        ("asked", "share", ["decide.outcome", "decide.shared", "what.asked_on"]),
        ("asked", "refuse", ["decide.outcome", "decide.why_not", "what.asked_on"]),
        ("share", "", ["decide.outcome"]),
    ],
)
def test_a_question_is_asked_while_the_direction_and_the_answers_call_for_it(direction, outcome, asked):
    answered = answered_questions(QUESTIONS, direction, {"decide.outcome": outcome})
    assert [each.question.key for each in answered] == asked


def test_an_answer_that_is_left_out_comes_with_the_answers_that_decide_it():
    answers = {"decide.outcome": "refuse", "decide.shared": "The date", "what.asked_on": "2026-03-20"}
    shared, asked_on = left_out(QUESTIONS, "share", answers)
    assert shared.answered.shown == ("The date",)
    assert [(each.question.key, each.value) for each in shared.because] == [("decide.outcome", "refuse")]
    assert asked_on.answered.question.key == "what.asked_on"
    assert asked_on.because == ()  # the direction alone


def test_nothing_is_left_out_without_an_answer_or_where_every_answer_applies():
    assert left_out(QUESTIONS, "asked", {"decide.outcome": "refuse"}) == ()
    assert left_out(QUESTIONS, "asked", {"decide.outcome": "share", "decide.shared": "The date"}) == ()
