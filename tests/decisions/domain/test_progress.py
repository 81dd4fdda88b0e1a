from decisions.domain.answers import answered_questions
from decisions.domain.progress import next_part, open_questions, progress
from guidance.choices import Part
from tests.decisions.factories import make_question

QUESTIONS = [
    make_question("what.request"),
    make_question("what.context"),
    make_question("decide.reasoning", required=True),
]


def status_of(part, answers):
    return next(
        each.status for each in progress(answered_questions(QUESTIONS, "asked", answers)) if each.part == part
    )


def test_part_without_answers_is_not_started():
    assert status_of(Part.WHAT, {}) == "Not started"


def test_part_with_one_answer_of_two_has_some():
    assert status_of(Part.WHAT, {"what.request": "Words"}) == "Some answers"


def test_part_with_every_answer_is_considered():
    assert status_of(Part.WHAT, {"what.request": "Words", "what.context": "Words"}) == "Considered"


def test_there_are_five_parts_in_the_guides_order():
    assert [each.part for each in progress([])] == ["what", "who", "why", "role", "decide"]


def test_each_part_leads_to_the_next_and_the_last_to_checking():
    assert [next_part(part) for part in Part] == ["who", "why", "role", "decide", None]


def test_only_required_questions_are_open():
    [open_question] = open_questions(answered_questions(QUESTIONS, "asked", {}))
    assert open_question.question.key == "decide.reasoning"
