"""Truth table of conditions, and properties for any condition and any answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.choices import Direction
from guidance.considerations import DIRECTION, applicable, clause_holds, selected_values
from guidance.content.reader import read_folder
from guidance.content.schema import Clause, Condition, Consideration, Guide, Option, Question
from tests.guidance.factories import FIRST_VERSION

QUESTIONS = ("what.a", "what.b", "why.c", DIRECTION)
OPTIONS = ("now", "later", "never", *Direction.values)


def clause(question: str, **asks: Any) -> Clause:
    return Clause.model_validate({"question": question, **asks})


def consideration(condition: Condition, key: str = "think") -> Consideration:
    return Consideration.model_validate(
        {
            "key": key,
            "part": "what",
            "kind": "think",
            "text": "Think.",
            "condition": condition,
            "cites": ("principle:1",),
        }
    )


def is_shown(condition: Condition, answers: dict[str, Any], direction: str = "asked") -> bool:
    return bool(applicable([consideration(condition)], answers, direction))


# What is asked, and of which answers it is true
ANSWERS: dict[str, Any] = {
    "no answer": None,
    "an empty text": "",
    "a blank text": " \n",
    "an empty list": [],
    "now": "now",
    "later": "later",
    "now and later": ["now", "later"],
    "only now": ["now"],
    "words": "Not now, but soon.",
    "a number": 7,
    "truth": True,
    "a list of numbers": [7],
    "names and values": {"now": "now"},
}
TRUE_OF = {
    "is": ({"is": "now"}, {"now", "only now"}),
    "is_not": ({"is_not": "now"}, {"later", "now and later", "words"}),
    "includes": ({"includes": "now"}, {"now", "now and later", "only now"}),
    "unanswered": (
        {"unanswered": True},
        {
            "no answer",
            "an empty text",
            "a blank text",
            "an empty list",
            "a number",
            "truth",
            "a list of numbers",
            "names and values",
        },
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("asks", TRUE_OF)
def test_a_clause_is_true_of_these_answers_and_no_others(asks: str, answer: str) -> None:
    words, true_of = TRUE_OF[asks]

    holds = clause_holds(clause("what.a", **words), selected_values({"what.a": ANSWERS[answer]}, "asked"))

    assert holds is (answer in true_of)


def test_a_question_that_was_never_asked_is_unanswered() -> None:
    assert is_shown(Condition(all=(clause("what.a", unanswered=True),)), {})


def test_the_direction_is_the_decisions_whatever_the_answers_say() -> None:
    condition = Condition(all=(clause(DIRECTION, **{"is": "told"}),))

    assert is_shown(condition, {DIRECTION: "asked"}, "told")
    assert not is_shown(condition, {DIRECTION: "told"}, "asked")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"what.a": "now", "what.b": "now"}, True),
        ({"what.a": "now", "why.c": "never"}, True),
        ({"what.a": "now"}, False),
        ({"what.b": "now", "why.c": "never"}, False),
    ],
)
def test_all_and_any_must_both_hold_where_both_are_given(answers: dict[str, Any], expected: bool) -> None:
    condition = Condition(
        all=(clause("what.a", **{"is": "now"}),),
        any=(clause("what.b", **{"is": "now"}), clause("why.c", **{"is": "never"})),
    )

    assert is_shown(condition, answers) is expected


def test_those_shown_keep_the_guides_order() -> None:
    always = Condition(all=(clause("what.a", unanswered=True),))
    never = Condition(all=(clause("what.a", **{"is": "now"}),))
    offered = [consideration(always, "b"), consideration(never, "c"), consideration(always, "a")]

    assert [each.key for each in applicable(offered, {}, "asked")] == ["b", "a"]


class TestAnswersThatDoNotFitTheQuestions:
    """With the questions given, they count as no answer."""

    ONE = Question.model_validate(
        {
            "key": "what.one",
            "kind": "one",
            "text": "One?",
            "options": (
                Option(key="always", text="Always"),
                Option(key="when-told", text="When told", directions=(Direction.TOLD,)),
            ),
        }
    )
    SEVERAL = Question.model_validate(
        {
            "key": "what.several",
            "kind": "several",
            "text": "Several?",
            "options": (
                Option(key="always", text="Always"),
                Option(key="when-told", text="When told", directions=(Direction.TOLD,)),
            ),
        }
    )
    WORDS = Question.model_validate({"key": "what.words", "kind": "text", "text": "Words?", "max_length": 9})

    @pytest.mark.parametrize(
        ("question", "answer", "direction", "counts"),
        [
            (ONE, "always", "asked", {"always"}),
            (ONE, "when-told", "told", {"when-told"}),
            (ONE, "when-told", "asked", set()),
            (ONE, "gone", "told", set()),
            (ONE, ["always"], "asked", set()),
            (SEVERAL, ["always", "when-told"], "told", {"always", "when-told"}),
            (SEVERAL, ["always", "when-told"], "asked", {"always"}),
            (SEVERAL, ["when-told"], "asked", set()),
            (SEVERAL, "always", "asked", set()),
            (WORDS, "always", "asked", {"always"}),
            (WORDS, ["always"], "asked", set()),
        ],
    )
    def test_only_what_is_asked_and_offered_counts(
        self, question: Question, answer: Any, direction: str, counts: set[str]
    ) -> None:
        assert selected_values({question.key: answer}, direction, [question])[question.key] == counts

    def test_an_option_that_is_not_offered_leaves_its_question_unanswered(self) -> None:
        unanswered = consideration(Condition(all=(clause("what.one", unanswered=True),)))

        assert applicable([unanswered], {"what.one": "when-told"}, "asked", [self.ONE])
        assert not applicable([unanswered], {"what.one": "when-told"}, "told", [self.ONE])


# Any condition over a few questions and options, so that they meet often, and answers of any shape

clauses = st.builds(
    lambda question, asks, option: clause(question, **{asks: True if asks == "unanswered" else option}),
    st.sampled_from(QUESTIONS),
    st.sampled_from(["is", "is_not", "includes", "unanswered"]),
    st.sampled_from(OPTIONS),
)
conditions = (
    st.tuples(st.lists(clauses, max_size=3), st.lists(clauses, max_size=3))
    .filter(any)
    .map(lambda groups: Condition(all=tuple(groups[0]), any=tuple(groups[1])))
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
answer_values = st.sampled_from(OPTIONS) | st.lists(st.sampled_from(OPTIONS), max_size=3) | json_values
answer_sets = st.dictionaries(st.sampled_from(QUESTIONS) | st.text(max_size=5), answer_values, max_size=6)
directions = st.sampled_from(Direction.values) | st.text(max_size=3)


def as_a_plain_reader_would(condition: Condition, answers: dict[str, Any], direction: str) -> bool:
    """Second implementation of the rule, as documented for editors."""

    def words_given(question: str) -> list[str]:
        answer = direction if question == DIRECTION else answers.get(question)
        if isinstance(answer, str):
            answer = [answer]
        if not isinstance(answer, list):
            return []
        return [word for word in answer if isinstance(word, str) and word.strip() != ""]

    def true(clause: Clause) -> bool:
        words = words_given(clause.question)
        if clause.operator == "unanswered":
            return len(words) == 0
        if clause.operator == "includes":
            return words.count(str(clause.includes)) > 0
        others = [word for word in words if word != clause.option]
        if clause.operator == "is":
            return len(words) > 0 and len(others) == 0
        return len(others) > 0

    if False in [true(clause) for clause in condition.all]:
        return False
    return len(condition.any) == 0 or True in [true(clause) for clause in condition.any]


@given(conditions, answer_sets, directions)
def test_it_agrees_with_a_plain_reading_of_the_rule(
    condition: Condition, answers: dict[str, Any], direction: str
) -> None:
    assert is_shown(condition, answers, direction) is as_a_plain_reader_would(condition, answers, direction)


@given(conditions, answer_sets, directions, clauses)
def test_another_clause_under_any_never_silences(
    condition: Condition, answers: dict[str, Any], direction: str, more: Clause
) -> None:
    if condition.any and is_shown(condition, answers, direction):
        assert is_shown(Condition(all=condition.all, any=(*condition.any, more)), answers, direction)


@given(conditions, answer_sets, directions, clauses)
def test_another_clause_under_all_never_shows_more(
    condition: Condition, answers: dict[str, Any], direction: str, more: Clause
) -> None:
    with_more = is_shown(Condition(all=(*condition.all, more), any=condition.any), answers, direction)
    assert with_more <= is_shown(condition, answers, direction)


@given(conditions, answer_sets, directions, st.randoms(use_true_random=False))
def test_no_order_makes_a_difference(
    condition: Condition, answers: dict[str, Any], direction: str, chance: Any
) -> None:
    def shuffled(values: Any) -> list[Any]:
        return chance.sample(list(values), len(list(values)))

    other_answers = {
        key: shuffled(answer) if isinstance(answer, list) else answer
        for key, answer in shuffled(answers.items())
    }
    other_condition = Condition(all=tuple(shuffled(condition.all)), any=tuple(shuffled(condition.any)))

    assert is_shown(other_condition, other_answers, direction) is is_shown(condition, answers, direction)


@given(st.sampled_from(QUESTIONS), st.sampled_from(OPTIONS), answer_sets, directions)
def test_of_is_is_not_and_unanswered_exactly_one_is_true(
    question: str, option: str, answers: dict[str, Any], direction: str
) -> None:
    chosen = selected_values(answers, direction)
    asked = [{"is": option}, {"is_not": option}, {"unanswered": True}]

    assert sum(clause_holds(clause(question, **asks), chosen) for asks in asked) == 1


@given(conditions)
def test_a_condition_comes_back_from_the_database_as_it_went_in(condition: Condition) -> None:
    stored = condition.model_dump(mode="json", exclude_defaults=True)

    assert Condition.model_validate(stored) == condition


@pytest.fixture(scope="module")
def first_version() -> Guide:
    return read_folder(FIRST_VERSION)


@given(st.data())
def test_the_first_version_takes_answers_of_any_shape(first_version: Guide, data: st.DataObject) -> None:
    keys = st.sampled_from([question.key for question in first_version.questions])
    options = st.sampled_from([o.key for question in first_version.questions for o in question.options])
    values = options | st.lists(options | json_values, max_size=4) | json_values
    answers = data.draw(st.dictionaries(keys | st.text(max_size=5), values, max_size=10))
    direction = data.draw(directions)

    found = applicable(first_version.considerations, answers, direction, first_version.questions)

    assert list(found) == [each for each in first_version.considerations if each in found]
