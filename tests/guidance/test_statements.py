"""Statements, shown while a question has no answer: in the first version, stored, compared, edited and checked."""

from __future__ import annotations

import pytest
from django.test import Client

from guidance.content.checks import check_statements
from guidance.content.schema import Question, QuestionWording
from guidance.diff.comparable import question_entry, titles_of
from guidance.editing.drafts import read_draft
from guidance.models import Direction, GuideVersion
from guidance.render.digests import canonical_text
from guidance.search import search
from sharingwell.accounts.models import Role
from tests.guidance.admin.test_drafts import fields_of, row_page
from tests.guidance.admin.test_versions import signed_in
from tests.guidance.factories import first_guide

ASKING = "who.asking"


def asked(key: str = ASKING) -> Question:
    return next(question for question in first_guide().questions if question.key == key)


@pytest.mark.parametrize("question", first_guide().questions, ids=lambda question: question.key)
def test_each_question_of_the_first_version_has_a_statement(question: Question) -> None:
    for direction in Direction:
        statement = question.worded_for(direction).statement
        assert statement.startswith("You have not said ")
        assert statement.endswith(".")


def test_each_other_text_in_the_first_version_has_another_statement() -> None:
    assert not list(check_statements(first_guide().questions))


@pytest.mark.parametrize(
    ("direction", "statement"),
    [
        (Direction.ASKED, "You have not said who is asking, and how you know it is them."),
        (
            Direction.SHARE,
            "You have not said who you would share it with, and how you know it will reach them.",
        ),
        (Direction.TOLD, "You have not said who told you, and how you know it is them."),
        (Direction.ASK, "You have not said who you would ask, and how you know it is them."),
    ],
)
def test_a_statement_is_put_in_the_words_of_its_direction(direction: Direction, statement: str) -> None:
    assert asked().worded_for(direction).statement == statement


def test_a_question_without_a_statement_is_pointed_out_in_a_draft_and_blocks_nothing(
    draft: GuideVersion,
) -> None:
    draft.questions.filter(key=ASKING).update(statement="")

    read = read_draft(draft)

    (found,) = [remark for remark in read.warnings if "statement" in remark.message]
    assert found.message == (
        "It has no statement: without an answer it reads "
        "“You have not answered: Who is asking, and how do you know it is them?”"
    )
    assert found.row == draft.questions.get(key=ASKING)
    assert not [remark for remark in read.errors if "statement" in remark.message]


def test_a_text_of_a_direction_without_its_statement_is_pointed_out() -> None:
    told = QuestionWording(text="Who told you?")
    question = asked().model_copy(update={"wording": {Direction.TOLD: told}})

    (found,) = check_statements([question])

    assert "“Someone has told us something”" in found.message


def test_an_editor_changes_the_statement(client: Client, draft: GuideVersion) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    question = draft.questions.get(key=ASKING)
    fields = fields_of(editor, row_page(question))

    response = editor.post(row_page(question), {**fields, "statement": "You have not said who asked."})

    assert response.status_code == 302
    question.refresh_from_db()
    assert question.statement == "You have not said who asked."
    assert question.wording["told"]["statement"].startswith("You have not said who told you")


def test_the_statements_of_a_question_are_compared() -> None:
    entry = question_entry(asked(), titles_of(first_guide()))

    statements = {text.label: text.text for text in entry.texts if text.label.startswith("Statement")}
    asking = asked()
    assert statements == {
        "Statement": asking.statement,
        **{
            f"Statement when “{direction.label}”": (
                asking.wording[direction].statement if direction in asking.wording else ""
            )
            for direction in Direction
        },
    }
    assert all(statements[f"Statement when “{direction.label}”"] for direction in asking.wording)


def test_a_version_from_before_there_were_statements_keeps_its_digest() -> None:
    def without(question: Question) -> Question:
        wording = {direction: QuestionWording(hint="Say more.") for direction in question.wording}
        return question.model_copy(update={"statement": "", "wording": wording})

    before = first_guide().model_copy(update={"questions": tuple(map(without, first_guide().questions))})

    assert b'"hint":"Say more."' in canonical_text(before)
    assert b'"statement"' not in canonical_text(before)


def test_statements_are_not_searched(guide: GuideVersion) -> None:
    said = [each.url for each in search(guide, "said").matches if "#question-" in each.url]

    assert [url for url in said if url.endswith("#question-what-request")]  # its hint has the word
    assert not [url for url in said if url.endswith("#question-who-asking")]
