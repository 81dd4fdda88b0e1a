"""Each direction is asked in its own words, and what was asked is what is recorded."""

from __future__ import annotations

import pytest
from django.test import Client

from decisions import actions
from decisions.domain.answers import answered_questions, orphaned_answers
from decisions.forms import PartForm
from guidance.choices import Direction
from guidance.content.schema import OptionWording, QuestionWording
from guidance.models import GuideVersion
from guidance.models import Question as QuestionRow
from guidance.reading import Question, questions
from sharingwell.accounts.models import User
from tests.decisions.factories import (
    DecisionFactory,
    DraftFactory,
    make_option,
    make_question,
)
from tests.sharingwell.reading import content_of


def outcome() -> Question:
    return make_question(
        "decide.outcome",
        QuestionRow.Kind.ONE,
        text="What have you decided?",
        wording={Direction.ASK: QuestionWording(hint="Of whom?")},
        options=(
            make_option("no", text="Do not act", wording={Direction.ASK: OptionWording(text="Do not ask")}),
        ),
    )


def test_the_form_asks_in_the_words_of_the_direction() -> None:
    form = PartForm(questions=[outcome()], direction=Direction.ASK, answers={})

    field = form.fields["decide.outcome"]
    assert field.label == "What have you decided?"
    assert field.help_text == "Of whom?"
    assert [item.label for item in field.items] == ["Do not ask"]  # type: ignore[attr-defined]


def test_answers_read_in_the_words_of_the_direction() -> None:
    (answered,) = answered_questions([outcome()], Direction.ASK, {"decide.outcome": "no"})

    assert answered.shown == ("Do not ask",)


@pytest.mark.parametrize(
    ("direction", "question", "outcome_key", "outcome_words"),
    [
        (Direction.ASKED, "Who is asking, and how do you know it is them?", "do-not-share", "Do not share"),
        (
            Direction.SHARE,
            "Who would you share it with, and how do you know it will reach them?",
            "share",
            "Share the information",
        ),
        (Direction.TOLD, "Who told you, and how do you know it is them?", "do-not-act", "Do not act on it"),
        (Direction.ASK, "Who would you ask, and how do you know it is them?", "do-not-act", "Do not ask"),
    ],
)
def test_the_words_a_writer_saw_are_the_words_recorded(
    guide: GuideVersion,
    client: Client,
    practitioner: User,
    direction: Direction,
    question: str,
    outcome_key: str,
    outcome_words: str,
) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner, direction=direction))
    client.force_login(practitioner)
    page = content_of(client.get(f"{draft.get_absolute_url()}who/"))
    answers = {"who.asking": "A role", "decide.outcome": outcome_key, "decide.reasoning": "For now."}
    actions.save_answers(by=practitioner, round=draft, answers=answers)
    round = actions.record_round(by=practitioner, round=draft)

    recorded = {
        answer["key"]: (answer["question"], answer["answer"])
        for part in (round.record or {})["parts"]
        for answer in part["answers"]
    }
    assert question in page
    assert recorded["who.asking"] == (question, ["A role"])
    assert recorded["decide.outcome"][1] == [outcome_words]
    assert round.recorded_outcome == [outcome_words]


def test_what_a_newer_guide_has_no_place_for_reads_as_it_was_asked(guide: GuideVersion) -> None:
    asked = [each.worded_for(Direction.TOLD) for each in questions(guide)]

    (left,) = orphaned_answers((), [asked], {"who.asking": "A neighbour"})

    assert left.question == "Who told you, and how do you know it is them?"
