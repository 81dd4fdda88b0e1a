import pytest

from decisions.domain.answers import answered_questions, categories, of_part
from tests.decisions.factories import make_option, make_question


def answered(question, answer, direction="asked"):
    [result] = answered_questions([question], direction, {question.key: answer})
    return result


def test_text_is_shown_as_written():
    assert answered(make_question("what.request"), "Two\nlines").shown == ("Two\nlines",)


def test_option_is_shown_in_its_words():
    question = make_question("what.sure", "one", options=(make_option("partly", text="Partly"),))
    assert answered(question, "partly").shown == ("Partly",)


def test_several_options_are_shown_in_the_guides_order():
    question = make_question(
        "what.kinds", "several", options=(make_option("a", text="First"), make_option("b", text="Second"))
    )
    assert answered(question, ["b", "a"]).shown == ("First", "Second")


def test_date_is_shown_in_words():
    assert answered(make_question("decide.review_on", "date"), "2026-12-01").shown == ("1 December 2026",)


@pytest.mark.parametrize("nothing", ["", [], None])
def test_question_without_answer_is_unanswered(nothing):
    assert not answered(make_question("what.request"), nothing).is_answered


def test_question_never_answered_is_unanswered():
    [result] = answered_questions([make_question("what.request")], "asked", {})
    assert not result.is_answered


def test_option_of_another_direction_is_kept_but_does_not_answer():
    question = make_question(
        "decide.outcome",
        "one",
        required=True,
        options=(make_option("act", text="Act on it", directions=("told",)),),
    )
    result = answered(question, "act", direction="asked")
    assert (result.shown, result.not_offered, result.is_open) == ((), ("Act on it",), True)
    assert answered(question, "act", direction="told").shown == ("Act on it",)


def test_required_question_is_open_until_answered():
    question = make_question("decide.reasoning", required=True)
    assert answered(question, "").is_open
    assert not answered(question, "Because").is_open


def test_question_under_an_option_applies_only_while_it_is_chosen():
    told = make_question("decide.told", "one", options=(make_option("no", reveals="decide.why_not"),))
    why_not = make_question("decide.why_not")
    answers = {"decide.told": "no", "decide.why_not": "Not safe"}
    assert [each.question for each in answered_questions([told, why_not], "asked", answers)] == [
        told,
        why_not,
    ]
    answers["decide.told"] = ""
    assert [each.question for each in answered_questions([told, why_not], "asked", answers)] == [told]


def test_categories_follow_from_the_kinds_chosen():
    question = make_question(
        "what.kinds",
        "several",
        options=(
            make_option("health", category="special_category"),
            make_option("offending", category="criminal_offence"),
            make_option("money"),
        ),
    )
    assert categories([question], {"what.kinds": ["money"]}) == ()
    assert categories([question], {"what.kinds": ["offending", "health"]}) == (
        "criminal_offence",
        "special_category",
    )


def test_answers_are_selected_by_part():
    both = answered_questions([make_question("what.request"), make_question("why.purpose")], "asked", {})
    assert [each.question.key for each in of_part(both, "why")] == ["why.purpose"]


def test_a_question_without_an_answer_shows_its_statement():
    question = make_question("who.asking", statement="You have not said who is asking.")
    assert answered(question, "").open_statement == "You have not said who is asking."


def test_a_question_without_a_statement_is_quoted():
    question = make_question("who.asking", text="Who is asking?")
    assert answered(question, "").open_statement == "You have not answered: Who is asking?"
