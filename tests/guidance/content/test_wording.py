"""Wording by direction: read, stored, dumped, edited, compared, searched and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guidance.choices import Direction
from guidance.content.checks import check_questions
from guidance.content.from_rows import guide_from_rows
from guidance.content.problems import BadContent
from guidance.content.reader import read_folder
from guidance.content.schema import Guide, QuestionWording
from guidance.content.schema import Question as QuestionValue
from guidance.content.wording import wording_column
from guidance.content.writer import write_folder
from guidance.diff.versions import compare
from guidance.models import GuideVersion, Option, Question
from guidance.reading import questions
from guidance.render.digests import canonical_text, digest_of
from guidance.search import search
from sharingwell.accounts.models import Role
from tests.guidance.admin.test_drafts import fields_of, row_page
from tests.guidance.admin.test_versions import signed_in
from tests.guidance.factories import first_guide
from tests.guidance.pages import main_of, soup_of, words_of
from tests.sharingwell.reading import content_of

ASKING, OUTCOME = "who.asking", "decide.outcome"


def asked(key: str, guide: Guide | None = None) -> QuestionValue:
    return next(question for question in (guide or first_guide()).questions if question.key == key)


def with_wording(key: str, **wording: QuestionWording) -> Guide:
    changed = tuple(
        each.model_copy(update={"wording": {Direction(name): words for name, words in wording.items()}})
        if each.key == key
        else each
        for each in first_guide().questions
    )
    return first_guide().model_copy(update={"questions": changed})


@pytest.mark.parametrize(
    ("direction", "text"),
    [
        (Direction.ASKED, "Who is asking, and how do you know it is them?"),
        (Direction.SHARE, "Who would you share it with, and how do you know it will reach them?"),
        (Direction.TOLD, "Who told you, and how do you know it is them?"),
        (Direction.ASK, "Who would you ask, and how do you know it is them?"),
    ],
)
def test_a_question_is_put_in_the_words_of_its_direction(direction: Direction, text: str) -> None:
    assert asked(ASKING).worded_for(direction).text == text


def test_the_default_text_is_used_where_a_direction_has_none() -> None:
    question = asked(ASKING)

    assert question.worded_for(Direction.TOLD).hint == question.hint
    assert question.worded_for(Direction.ASKED) == question


def test_options_are_put_in_the_words_of_their_direction_too() -> None:
    def outcomes(direction: Direction) -> dict[str, str]:
        options = asked(OUTCOME).worded_for(direction).options_for(direction)
        return {option.key: option.text for option in options}

    assert outcomes(Direction.ASK)["do-not-act"] == "Do not ask"
    assert outcomes(Direction.TOLD)["do-not-act"] == "Do not act on it"
    assert "do-not-act" not in outcomes(Direction.SHARE)


def test_no_direction_but_asked_is_put_in_the_words_of_being_asked() -> None:
    """“Asking” fits only where we were asked; “sharing” does not fit what we were told."""
    for direction, wrong in [
        (Direction.SHARE, ["asked of you", "Who is asking"]),
        (Direction.TOLD, ["asked of you", "Who is asking", "shared", "the sharing"]),
        (Direction.ASK, ["asked of you", "Who is asking", "shared", "the sharing"]),
    ]:
        questions = first_guide().questions
        assert questions
        for question in questions:
            worded = question.worded_for(direction)
            options = worded.options_for(direction)
            for words in [
                worded.text,
                worded.hint,
                worded.statement,
                *(f"{each.text} {each.hint}" for each in options),
            ]:
                assert not [phrase for phrase in wrong if phrase in words], (
                    f"{question.key}, {direction}: {words}"
                )


def test_wording_changes_nothing_that_an_answer_depends_on() -> None:
    for question in first_guide().questions:
        for direction in Direction:
            worded = question.worded_for(direction)
            assert [each.key for each in worded.options] == [each.key for each in question.options]
            assert (worded.key, worded.kind, worded.max_length) == (
                question.key,
                question.kind,
                question.max_length,
            )


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("{nobody: {text: Who}}", "nobody"),
        ("{told: {}}", "the wording of a direction needs at least one of “text”, “hint”, “statement”"),
        (f"{{told: {{text: {'x' * 301}}}}}", "300"),
        ("{told: {words: Who}}", "words"),
    ],
)
def test_wording_that_cannot_be_used_is_named_with_its_line(folder: Path, wording: str, said: str) -> None:
    path = folder / "questions.yaml"
    before = path.read_text()
    line = before[: before.index("    text: What is the context?")].count("\n") + 2
    path.write_text(
        before.replace(
            "    text: What is the context?", f"    text: What is the context?\n    wording: {wording}"
        )
    )

    with pytest.raises(BadContent) as refused:
        read_folder(folder)

    assert said in str(refused.value)
    assert f"questions.yaml, line {line}" in str(refused.value)


def test_wording_is_kept_and_read_back(guide: GuideVersion) -> None:
    assert guide_from_rows(guide) == first_guide()
    assert asked(ASKING).wording[Direction.TOLD].text == "Who told you, and how do you know it is them?"


def test_a_dumped_folder_reads_the_same(tmp_path: Path, guide: GuideVersion) -> None:
    write_folder(guide_from_rows(guide), tmp_path / "dumped")

    assert read_folder(tmp_path / "dumped") == first_guide()


def test_directions_stand_in_their_order_however_they_were_written() -> None:
    told, share = QuestionWording(text="Who told you?"), QuestionWording(text="Who with?")
    question = asked(ASKING).model_validate(
        {**asked(ASKING).model_dump(), "wording": {"told": told.model_dump(), "share": share.model_dump()}}
    )

    assert list(question.wording) == [Direction.SHARE, Direction.TOLD]


def test_a_version_from_before_there_was_wording_keeps_its_digest() -> None:
    plain = tuple(
        question.model_copy(
            update={
                "wording": {},
                "options": tuple(option.model_copy(update={"wording": {}}) for option in question.options),
            }
        )
        for question in first_guide().questions
    )
    before = first_guide().model_copy(update={"questions": plain})

    assert b'"wording"' not in canonical_text(before)
    assert digest_of(before) != digest_of(first_guide())


def test_what_changed_in_the_wording_of_a_direction_is_shown() -> None:
    old = with_wording(ASKING, told=QuestionWording(text="Who told you?"))
    new = with_wording(
        ASKING, told=QuestionWording(text="Who told you this?"), ask=QuestionWording(hint="Of whom?")
    )

    (group,) = compare(old, new).changed_groups

    (entry,) = group.entries
    labels = [text.label for text in entry.texts]
    assert labels == [
        "Put when “Someone has told us something”",
        "Hint when “We want to ask for information”",
    ]


def test_the_words_of_a_direction_are_found(guide: GuideVersion) -> None:
    results = search(guide, "who told you")

    (found,) = [each for each in results.matches if each.url.endswith("#question-who-asking")]
    assert "Who told you, and how do you know it is them?" in "".join(piece.text for piece in found.excerpt)


def test_names_of_fields_and_directions_are_not_words_to_find(guide: GuideVersion) -> None:
    def questions(words: str) -> list[str]:
        return [match.url for match in search(guide, words).matches if "#question-" in match.url]

    assert questions("who told you")
    assert not questions('"hint"')


def test_the_page_of_questions_shows_each_way_of_putting_them(client: Client, guide: GuideVersion) -> None:
    page = words_of(main_of(content_of(client.get("/guide/questions/"))))

    assert "Someone has told us something: Who told you, and how do you know it is them?" in page
    assert "We want to ask for information: Do not ask" in page


def test_a_draft_begins_with_the_wording_of_the_version_it_is_made_from(draft: GuideVersion) -> None:
    question = draft.questions.get(key=ASKING)

    assert question.wording == wording_column(asked(ASKING).wording)
    assert {each.key: each.wording for each in questions(draft)}[ASKING] == asked(ASKING).wording


def test_an_editor_changes_the_wording_of_a_question(client: Client, draft: GuideVersion) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    question = draft.questions.get(key=ASKING)
    fields = fields_of(editor, row_page(question))
    (told,) = [
        name for name, value in fields.items() if value == "Who told you, and how do you know it is them?"
    ]

    response = editor.post(row_page(question), {**fields, told: "Who has told you this?"})

    assert response.status_code == 302
    question.refresh_from_db()
    assert question.wording["told"] == {
        "text": "Who has told you this?",
        "statement": "You have not said who told you, and how you know it is them.",
    }
    assert question.wording["share"] == wording_column(asked(ASKING).wording)["share"]


def test_an_editor_takes_the_wording_of_an_option_away(client: Client, draft: GuideVersion) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    option = Option.objects.get(question__version=draft, question__key=OUTCOME, key="do-not-act")
    fields = fields_of(editor, row_page(option))
    emptied = {name: "" if name.startswith("wording_") else value for name, value in fields.items()}

    editor.post(row_page(option), emptied)

    option.refresh_from_db()
    assert option.wording == {}


def test_wording_that_is_too_long_is_said_at_the_field_and_nothing_is_lost(
    client: Client, draft: GuideVersion
) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    question = draft.questions.get(key=ASKING)
    fields = fields_of(editor, row_page(question))
    (told,) = [
        name for name, value in fields.items() if value == "Who told you, and how do you know it is them?"
    ]
    long = "Who told you? " * 30

    page = editor.post(row_page(question), {**fields, told: long})

    assert "“Someone has told us something”" in content_of(page)
    assert soup_of(content_of(page)).select_one(f"[name={told}]")["value"] == long  # type: ignore[index]
    question.refresh_from_db()
    assert question.wording["told"]["text"] == "Who told you, and how do you know it is them?"


def test_every_box_of_the_wording_has_a_label(client: Client, draft: GuideVersion) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    page = soup_of(content_of(editor.get(row_page(draft.questions.get(key=ASKING)))))

    labels = {
        label.get_text(strip=True)
        for label in page.select("label")
        if str(label.get("for", "")).startswith("id_wording_")
    }

    assert len(labels) == len(("text", "hint", "statement")) * len(Direction)
    assert "Hint, when “Someone has told us something”" in labels


def test_no_option_of_the_first_version_loses_its_direction_by_its_words() -> None:
    assert not list(check_questions(first_guide().questions))
    for question in first_guide().questions:
        for option in question.options:
            assert all(option.applies_to(direction) for direction in option.wording), (
                f"{question.key} {option.key}"
            )


def test_a_row_without_wording_has_none() -> None:
    assert Question().wording == {}
    assert Question(wording={"told": {"text": "Who?"}}).wording == {"told": {"text": "Who?"}}
