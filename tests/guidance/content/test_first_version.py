"""First version: the guide's text is unchanged, and nothing is added to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.test import Client

from guidance.choices import Direction, Part
from guidance.content.reader import read_folder
from guidance.content.schema import Question
from guidance.models import GuideVersion, Option
from guidance.reading import questions, rendered
from tests.guidance.factories import FIRST_VERSION
from tests.guidance.pages import first_missing, main_of, sentences_of, what_else, words_of
from tests.sharingwell.reading import content_of

HANDED_OVER = (Path(__file__).parent / "the_guide_as_handed_over.md").read_text()
PRINCIPLES = [
    "Justify the purpose(s) for using confidential information",
    "Use confidential information only when it is necessary",
    "Use the minimum necessary confidential information",
    "Access to confidential information should be on a strict need-to-know basis",
    "Everyone with access to confidential information should be aware of their responsibilities",
    "Comply with the law",
    "The duty to share information for individual care is as important as the duty to protect patient confidentiality",
    "Inform patients and service users about how their confidential information is used",
]
KEYS = [
    "what.urgency",
    "what.request",
    "what.kinds",
    "what.sure",
    "what.context",
    "what.asked_on",
    "what.best_placed",
    "what.best_placed_who",
    "who.asking",
    "who.verified",
    "who.relationship",
    "who.makes_sense",
    "who.authority",
    "who.authority_note",
    "why.purpose",
    "why.if_not_shared",
    "why.if_shared",
    "why.impact",
    "why.person",
    "why.less",
    "why.reasonable",
    "role.consistent",
    "role.consistent_how",
    "role.lawful_basis",
    "decide.outcome",
    "decide.shared",
    "decide.shared_on",
    "decide.sent_how",
    "decide.keeping",
    "decide.first_step",
    "decide.reasoning",
    "decide.told_person",
    "decide.told_person_why_not",
    "decide.review_on",
]


@pytest.fixture(scope="module")
def asked() -> dict[str, Question]:
    return {question.key: question for question in read_folder(FIRST_VERSION).questions}


@pytest.fixture
def guide_words(guide: GuideVersion, client: Client) -> str:
    main = main_of(content_of(client.get("/guide/")))
    for around in main.select("nav, [role=search], .sw-dateline"):
        around.decompose()
    return words_of(main)


def test_every_sentence_of_the_guide_is_on_the_page_in_its_order(guide_words: str) -> None:
    sentences = sentences_of(HANDED_OVER)

    assert len(sentences) > 100
    assert first_missing(sentences, guide_words) is None


def test_the_page_adds_nothing_but_the_caption_of_the_drawing(guide_words: str) -> None:
    assert what_else(sentences_of(HANDED_OVER), guide_words) == (
        "The guide’s own figure belongs here, and is missing from the text this website was given. "
        "This drawing is the website’s own."
    )


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("We should not refuse to act. ", "", "We should not refuse to act."),
        ("Seek advice if needed", "Seek advice", "Seek advice if needed"),
        (
            "doesn’t explicitly state",
            "doesn't explicitly state",
            "The law governing how we use information doesn’t",
        ),
        (
            "Caldicott Principles1.",
            "Caldicott Principles.",
            "This is illustrated perfectly in the Caldicott Principles1.",
        ),
    ],
)
def test_a_sentence_that_is_lost_or_altered_would_be_noticed(
    old: str, new: str, lost: str, guide_words: str
) -> None:
    assert old in guide_words

    missing = first_missing(sentences_of(HANDED_OVER), guide_words.replace(old, new))

    assert missing is not None
    assert missing.startswith(lost)


def test_sentences_that_change_places_would_be_noticed(guide_words: str) -> None:
    sentences = sentences_of(HANDED_OVER)
    swapped = [sentences[1], sentences[0], *sentences[2:]]

    assert first_missing(swapped, guide_words) is not None


def test_the_six_examples_stand_in_the_sections_they_stood_in(guide: GuideVersion) -> None:
    assert [(example.slug, example.section_slug) for example in rendered(guide).examples] == [
        ("neighbour-raises-a-concern", "who-is-asking"),
        ("consent-form-not-feasible", "why"),
        ("eviction-not-shared", "taking-reasonable-steps"),
        ("trusted-community-member", "legal-framework"),
        ("dwp-and-social-worker", "legal-framework"),
        ("hospital-admission", "acting-reasonably"),
    ]


def test_the_principles_have_their_official_titles_and_an_explanation_each(guide: GuideVersion) -> None:
    principles = rendered(guide).principles

    assert [principle.title for principle in principles] == PRINCIPLES
    assert [principle.number for principle in principles] == list(range(1, 9))
    assert all(principle.html for principle in principles)


def test_the_questions_have_the_keys_records_refer_to(asked: dict[str, Question]) -> None:
    assert list(asked) == KEYS


def test_only_outcome_and_reasoning_are_required(asked: dict[str, Question]) -> None:
    assert [key for key, question in asked.items() if question.required] == [
        "decide.outcome",
        "decide.reasoning",
    ]


@pytest.mark.parametrize(
    "key",
    [
        "what.sure",
        "what.context",
        "what.urgency",
        "what.best_placed",
        "who.makes_sense",
        "who.authority",
        "why.reasonable",
        "role.consistent",
    ],
)
def test_the_guides_prompts_are_asked_in_the_guides_words(key: str, asked: dict[str, Question]) -> None:
    assert any(sentence == asked[key].text for sentence in sentences_of(HANDED_OVER))


def test_every_question_cites_a_passage(asked: dict[str, Question]) -> None:
    assert asked
    assert all(question.cites for question in asked.values())


@pytest.mark.parametrize("direction", Direction)
def test_every_direction_has_outcomes_to_choose_from(
    direction: Direction, asked: dict[str, Question]
) -> None:
    assert len(asked["decide.outcome"].options_for(direction)) >= 3


def test_the_outcomes_are_those_agreed_and_one_for_each_direction_of_our_own(
    asked: dict[str, Question],
) -> None:
    assert {option.key for option in asked["decide.outcome"].options} == {
        "share-asked",
        "share-part",
        "accept-and-act",
        "connect",
        "check-first",
        "advice-first",
        "do-not-share",
        "do-not-act",
        "share",
        "ask",
    }


def test_sensitive_kinds_of_information_say_what_the_law_makes_of_them(asked: dict[str, Question]) -> None:
    kinds = Counter(option.category for option in asked["what.kinds"].options)

    assert kinds[Option.Category.SPECIAL_CATEGORY] == 8
    assert kinds[Option.Category.CRIMINAL_OFFENCE] == 1


@pytest.mark.parametrize("key", ["what.kinds", "who.authority"])
def test_not_knowing_yet_is_chosen_alone(key: str, asked: dict[str, Question]) -> None:
    assert [option.exclusive for option in asked[key].options if option.key == "dont-know"] == [True]


def test_whether_less_would_do_and_whether_it_is_reasonable_stand_side_by_side(
    asked: dict[str, Question],
) -> None:
    keys = list(asked)

    assert [key for key, question in asked.items() if question.beside_previous] == ["why.reasonable"]
    assert keys.index("why.reasonable") == keys.index("why.less") + 1


FAIR_REVIEW = {
    "what.urgency",
    "what.request",
    "what.kinds",
    "who.asking",
    "why.purpose",
    "why.if_not_shared",
    "role.consistent",
    "decide.outcome",
    "decide.reasoning",
}


@pytest.mark.parametrize("direction", Direction)
def test_ten_core_questions_answer_a_fair_reviewer_and_urgency_is_the_first(
    direction: Direction, asked: dict[str, Question]
) -> None:
    core = [key for key, question in asked.items() if question.is_core_for(direction)]

    what_is_done = "decide.first_step" if direction == Direction.TOLD else "decide.shared"
    assert set(core) == {*FAIR_REVIEW, what_is_done}
    assert core[0] == "what.urgency"


def test_a_few_kinds_of_information_are_shown_and_the_others_are_folded(asked: dict[str, Question]) -> None:
    shown = [option.key for option in asked["what.kinds"].options if not option.folded]

    assert len(shown) == 6
    assert shown[-1] == "dont-know"


def test_why_the_person_was_not_told_is_asked_when_they_were_not(asked: dict[str, Question]) -> None:
    reveals = {option.key: option.reveals for option in asked["decide.told_person"].options}

    assert reveals == {"yes": None, "not-yet": "decide.told_person_why_not"}


def test_the_review_has_quick_choices(asked: dict[str, Question]) -> None:
    assert [option.days for option in asked["decide.review_on"].options] == [1, 7, 28, 84]


def test_every_part_has_passages_to_stand_beside_it(guide: GuideVersion) -> None:
    for part in Part:
        cites = [cite for question in questions(guide) if question.part == part for cite in question.cites]

        assert rendered(guide).passages(cites)
