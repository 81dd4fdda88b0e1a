"""First version's considerations: each applies to some answers, and not after one of them changes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guidance.choices import Direction
from guidance.considerations import applicable
from guidance.content.reader import read_folder
from guidance.content.schema import Guide, Question
from guidance.models import Question as QuestionRow
from tests.guidance.factories import FIRST_VERSION

Answers = dict[str, Any]
Kind = QuestionRow.Kind

SAID = "Some words."
OUTCOME, RELATIONSHIP, BASIS = "decide.outcome", "who.relationship", "role.lawful_basis"
WHY = {"why.purpose": SAID, "why.impact": SAID, "why.person": SAID}

# key: which way the information goes, answers that show it, and the one answer that keeps it silent (None takes it out)
TABLE: dict[str, tuple[str, Answers, Answers]] = {
    "serious-harm-now": ("told", {"what.urgency": "now"}, {"what.urgency": "days"}),
    "request-not-clear": ("asked", {"what.sure": "not-yet"}, {"what.sure": "yes"}),
    "say-why-you-ask": ("ask", {}, {"why.purpose": "To keep his accommodation."}),
    "someone-else-better-placed": (
        "asked",
        {"what.best_placed": "someone-elsewhere"},
        {"what.best_placed": "we-can-help"},
    ),
    "whereabouts-others-need": (
        "asked",
        {"what.kinds": ["whereabouts", "health"], OUTCOME: "do-not-share"},
        {OUTCOME: "share-part"},
    ),
    "one-fact-in-time": (
        "asked",
        {"what.kinds": ["whereabouts"], "what.urgency": "days"},
        {"what.kinds": ["support"]},
    ),
    "address-and-domestic-abuse": (
        "asked",
        {"what.kinds": ["contact-details", "domestic-abuse"]},
        {"what.kinds": ["domestic-abuse", "support"]},
    ),
    "about-other-people-too": (
        "share",
        {"what.kinds": ["family"], OUTCOME: "share-part"},
        {OUTCOME: "connect"},
    ),
    "kinds-not-known": ("ask", {"what.kinds": ["dont-know"], OUTCOME: "ask"}, {"what.kinds": ["health"]}),
    "neighbour-or-family-raises-a-concern": (
        "told",
        {RELATIONSHIP: "trusted-person"},
        {RELATIONSHIP: "partner-professional"},
    ),
    "family-or-friend-asks": ("asked", {RELATIONSHIP: "trusted-person"}, {"direction": "told"}),
    "member-of-the-public-asks": ("asked", {RELATIONSHIP: "public"}, {RELATIONSHIP: "partner-professional"}),
    "the-person-asks": ("asked", {RELATIONSHIP: "the-person"}, {"direction": "share"}),
    "the-person-tells-you": ("told", {RELATIONSHIP: "the-person"}, {RELATIONSHIP: "trusted-person"}),
    "who-they-are-not-known": ("asked", {RELATIONSHIP: "dont-know"}, {RELATIONSHIP: "public"}),
    "involvement-does-not-make-sense-yet": (
        "asked",
        {"who.makes_sense": "no"},
        {"who.makes_sense": "yes"},
    ),
    "not-verified": ("asked", {OUTCOME: "share-asked"}, {"who.verified": "I rang back."}),
    "signed-form-not-feasible": (
        "asked",
        {"who.authority": ["role", "written-consent"], "what.urgency": "days"},
        {"what.urgency": "planned"},
    ),
    "forms-are-hard": (
        "told",
        {RELATIONSHIP: "the-person", OUTCOME: "check-first"},
        {OUTCOME: "accept-and-act"},
    ),
    "right-to-act-for-the-person": (
        "asked",
        {"who.authority": ["acts-for-the-person"]},
        {"who.authority_note": "Lasting power of attorney, seen."},
    ),
    "no-authority-need-not-be-the-end": (
        "asked",
        {"who.authority": ["none"], OUTCOME: "do-not-share"},
        {"who.authority": ["spoken-consent"]},
    ),
    "purpose-not-said": ("asked", {OUTCOME: "connect"}, {"why.purpose": SAID}),
    "impact-not-said": ("told", {OUTCOME: "accept-and-act"}, {"why.impact": SAID}),
    "what-could-happen-if-not": ("asked", {OUTCOME: "do-not-share"}, {"why.if_not_shared": SAID}),
    "what-could-happen-if-shared": ("share", {OUTCOME: "share"}, {"why.if_shared": SAID}),
    "more-than-is-needed": ("asked", {OUTCOME: "share-asked"}, {OUTCOME: "share-part"}),
    "ask-for-no-more-than-you-need": ("ask", {OUTCOME: "ask"}, {"why.less": SAID}),
    "what-the-person-wants": ("ask", {OUTCOME: "ask"}, {"why.person": SAID}),
    "not-yet-a-reasonable-way": (
        "told",
        {"why.reasonable": "partly", OUTCOME: "accept-and-act"},
        {"why.reasonable": "yes"},
    ),
    "not-sure-of-your-role": ("asked", {"role.consistent": "not-sure"}, {"role.consistent": "service"}),
    "not-part-of-your-role": ("asked", {"role.consistent": "no"}, {"role.consistent": "both"}),
    "lawful-basis-not-known": ("asked", {BASIS: "not-sure"}, {BASIS: None}),
    "sensitive-and-basis-not-sure": (
        "asked",
        {BASIS: "not-sure", "what.kinds": ["money", "offending"]},
        {"what.kinds": ["money", "whereabouts"]},
    ),
    "sensitive-and-no-basis": (
        "asked",
        {OUTCOME: "share-part", "what.kinds": ["mental-health"]},
        {BASIS: "public-task"},
    ),
    "consent-is-one-of-several": ("asked", {BASIS: "consent"}, {BASIS: "public-task"}),
    "recognised-legitimate-interest": (
        "share",
        {BASIS: "recognised-legitimate-interest"},
        {BASIS: "legitimate-interests"},
    ),
    "vital-interests-and-no-hurry": (
        "asked",
        {BASIS: "vital-interests", "what.urgency": "planned"},
        {"what.urgency": "now"},
    ),
    "serious-harm-and-nothing-done": (
        "asked",
        {"what.urgency": "now", OUTCOME: "do-not-share"},
        {OUTCOME: "share-part"},
    ),
    "serious-harm-and-waiting": (
        "told",
        {"what.urgency": "now", OUTCOME: "advice-first"},
        {"what.urgency": "planned"},
    ),
    "within-days-and-no-first-step": (
        "asked",
        {"what.urgency": "days", OUTCOME: "connect"},
        {"decide.first_step": "I ring the ward today."},
    ),
    "received-and-no-first-step": (
        "told",
        {OUTCOME: "accept-and-act"},
        {"decide.first_step": "I visit tomorrow."},
    ),
    "received-and-nobody-acts": ("told", {OUTCOME: "do-not-act"}, {"direction": "ask"}),
    "tell-them-in-return": (
        "told",
        {RELATIONSHIP: "partner-professional", OUTCOME: "accept-and-act"},
        {RELATIONSHIP: "trusted-person"},
    ),
    "say-what-they-could-do": ("share", {OUTCOME: "share"}, {"decide.first_step": SAID}),
    "what-is-shared-and-how": ("asked", {OUTCOME: "share-part"}, {"decide.shared": "The date."}),
    "shared-when-and-how": (
        "share",
        {OUTCOME: "share", "decide.shared_on": "2026-03-21"},
        {"decide.sent_how": "By phone."},
    ),
    "shared-and-not-shared": (
        "asked",
        {OUTCOME: "do-not-share", "decide.shared": "The date."},
        {"decide.shared": None},
    ),
    "connect-whom": ("asked", {OUTCOME: "connect"}, {"what.best_placed_who": "The named social worker."}),
    "check-first-until-when": ("asked", {OUTCOME: "check-first"}, {"decide.review_on": "2026-03-21"}),
    "advice-first-until-when": ("ask", {OUTCOME: "advice-first"}, {"decide.review_on": "2026-03-21"}),
    "no-until-when": ("share", {OUTCOME: "do-not-share"}, {"decide.review_on": "2026-04-17"}),
    "legal-power-and-no": (
        "asked",
        {"who.authority": ["legal-power"], OUTCOME: "do-not-share"},
        {OUTCOME: "share-asked"},
    ),
    "person-not-told": (
        "asked",
        {"decide.told_person": "not-yet"},
        {"decide.told_person_why_not": "It could put her in danger."},
    ),
    "telling-the-person-not-said": ("share", {OUTCOME: "share"}, {"decide.told_person": "yes"}),
    "involve-the-person-next": (
        "told",
        {"decide.told_person": "not-yet", OUTCOME: "accept-and-act"},
        {"decide.told_person": "yes"},
    ),
}


@pytest.fixture(scope="module")
def guide() -> Guide:
    return read_folder(FIRST_VERSION)


def keys_shown(guide: Guide, answers: Answers, direction: str) -> set[str]:
    return {each.key for each in applicable(guide.considerations, answers, direction, guide.questions)}


def changed(direction: str, answers: Answers, change: Answers) -> tuple[Answers, str]:
    after = {key: answer for key, answer in {**answers, **change}.items() if answer is not None}
    return after, after.pop("direction", direction)


def faults(questions: tuple[Question, ...], answers: Answers, direction: str) -> list[str]:
    """Answers that the form of this direction would reject."""
    by_key = {question.key: question for question in questions}
    return [key for key, answer in answers.items() if not _is_taken(by_key[key], answer, direction)]


def _is_taken(question: Question, answer: Any, direction: str) -> bool:
    if question.kind == Kind.TEXT:
        return isinstance(answer, str) and 0 < len(answer) <= (question.max_length or 0)
    if question.kind == Kind.DATE:
        return bool(datetime.date.fromisoformat(answer))
    offered = {option.key: option for option in question.options_for(direction)}
    chosen = answer if question.kind == Kind.SEVERAL else [answer]
    alone = len(chosen) == 1 or not any(offered[key].exclusive for key in chosen if key in offered)
    return bool(chosen) and set(chosen) <= offered.keys() and alone


def test_every_consideration_has_its_row(guide: Guide) -> None:
    assert [each.key for each in guide.considerations] == list(TABLE)


def test_there_are_as_many_as_were_asked_for(guide: Guide) -> None:
    assert len(guide.considerations) >= 25


@pytest.mark.parametrize("key", TABLE)
def test_it_is_reached_by_answers_that_can_be_given(key: str, guide: Guide) -> None:
    direction, answers, _ = TABLE[key]

    assert faults(guide.questions, answers, direction) == []
    assert key in keys_shown(guide, answers, direction)


@pytest.mark.parametrize("key", TABLE)
def test_it_does_not_apply_after_one_answer_changes(key: str, guide: Guide) -> None:
    direction, answers, change = TABLE[key]
    answers, direction = changed(direction, answers, change)

    assert len(change) == 1
    assert faults(guide.questions, answers, direction) == []
    assert key not in keys_shown(guide, answers, direction)


SENSITIVE = {
    "sensitive-and-basis-not-sure": {BASIS: "not-sure"},
    "sensitive-and-no-basis": {OUTCOME: "connect"},
}


@pytest.mark.parametrize("key", SENSITIVE)
def test_every_kind_that_the_law_protects_more_is_noticed_and_no_other(key: str, guide: Guide) -> None:
    (kinds,) = [question for question in guide.questions if question.key == "what.kinds"]

    noticed = {
        option.key
        for option in kinds.options
        if key in keys_shown(guide, {**SENSITIVE[key], "what.kinds": [option.key]}, "asked")
    }

    assert noticed == {option.key for option in kinds.options if option.category}


@pytest.mark.parametrize("direction", Direction)
def test_a_draft_just_begun_is_left_in_peace(direction: Direction, guide: Guide) -> None:
    assert keys_shown(guide, {}, direction) == ({"say-why-you-ask"} if direction == "ask" else set())


@pytest.mark.parametrize("direction", Direction)
def test_nothing_that_is_missing_is_pointed_out_before_something_is_decided(
    direction: Direction, guide: Guide
) -> None:
    begun = {"what.request": SAID, "what.sure": "yes", "what.kinds": ["support"], "what.urgency": "planned"}

    assert keys_shown(guide, begun, direction) <= {"say-why-you-ask"}


CONSIDERED: Answers = {
    "what.request": SAID,
    "what.sure": "yes",
    "what.context": SAID,
    "what.kinds": ["support", "health"],
    "what.urgency": "planned",
    "what.best_placed": "we-can-help",
    "who.asking": "A nurse of the ward",
    "who.relationship": "partner-professional",
    "who.makes_sense": "yes",
    "who.verified": "I rang back on the published number.",
    "who.authority": ["role"],
    "who.authority_note": SAID,
    **WHY,
    "why.if_shared": SAID,
    "why.if_not_shared": SAID,
    "why.reasonable": "yes",
    "why.less": "The date alone is enough.",
    "role.consistent": "service",
    "role.consistent_how": SAID,
    "role.lawful_basis": "public-task",
    "decide.shared": "The date.",
    "decide.shared_on": "2026-03-20",
    "decide.sent_how": "By phone.",
    "decide.first_step": "I ring today.",
    "decide.reasoning": SAID,
    "decide.told_person": "yes",
    "decide.review_on": "2026-04-17",
}


@pytest.mark.parametrize(
    ("direction", "outcome", "left"),
    [
        ("asked", "share-asked", set()),
        ("asked", "share-part", set()),
        ("asked", "do-not-share", {"shared-and-not-shared"}),
        ("share", "share", set()),
        ("told", "accept-and-act", {"tell-them-in-return"}),
        ("told", "do-not-act", {"received-and-nobody-acts"}),
        ("ask", "ask", set()),
        ("ask", "advice-first", set()),
        ("asked", "check-first", set()),
    ],
)
def test_complete_answers_get_few_considerations(
    direction: str, outcome: str, left: set[str], guide: Guide
) -> None:
    answers = {**CONSIDERED, OUTCOME: outcome}

    assert faults(guide.questions, answers, direction) == []
    assert keys_shown(guide, answers, direction) == left


def test_the_words_are_few_and_give_no_orders(guide: Guide) -> None:
    for each in guide.considerations:
        sentences = [sentence for sentence in each.text.replace("?", ".").split(". ") if sentence]

        assert len(each.text) <= 300, each.key
        assert len(sentences) <= 3, each.key
        assert "you must" not in each.text.lower(), each.key
        assert "you should" not in each.text.lower(), each.key
