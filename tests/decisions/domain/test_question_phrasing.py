"""What is still open, as sentences made of the questions' own words."""

import pytest
import yaml

from decisions.domain.question_phrasing import still_open
from tests.guidance.factories import FIRST_VERSION


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Who is asking?", "who is asking"),
        ("What is the purpose?", "what the purpose is"),
        ("What have you decided?", "what you have decided"),
        ("What could happen if we don't?", "what could happen if we don't"),
        ("How urgent is the matter?", "how urgent the matter is"),
        ("How do you know they are who they say they are?", "how you know they are who they say they are"),
        ("How does it fit with your role?", "how it fits with your role"),
        ("Does it make sense?", "whether it makes sense"),
        ("Does he have a carer?", "whether he has a carer"),
        ("Why does she carry it?", "why she carries it"),
        ("Has the person been told?", "whether the person has been told"),
        ("Are you sure of what is being asked?", "whether you are sure of what is being asked"),
        ("What will be sent, and how will it be sent?", "what will be sent, and how it will be sent"),
        ("Which lawful basis applies?", "which lawful basis applies"),
    ],
)
def test_a_question_becomes_what_has_not_been_said(question, rest):
    assert still_open(question) == f"You have not said {rest}."


@pytest.mark.parametrize(
    "question",
    [
        "Could less do?",
        "Can you help or is someone else better placed?",
        "Does the person know, and what would they want?",
        "When will the person be told?",
        "Is the other worker aware?",
        "Who asked? And why?",
        "Say what you know",
        "",
    ],
)
def test_a_question_that_cannot_be_told_from_its_words_is_quoted(question):
    assert still_open(question) == f"You have not answered: {question}"


def test_most_questions_of_the_first_guide_are_told():
    parts = yaml.safe_load((FIRST_VERSION / "questions.yaml").read_text(encoding="utf-8"))
    sentences = [still_open(question["text"]) for part in parts.values() for question in part]
    told = [sentence for sentence in sentences if sentence.startswith("You have not said ")]
    assert len(told) / len(sentences) > 0.8
