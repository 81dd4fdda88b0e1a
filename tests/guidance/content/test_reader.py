"""Invalid content: each problem is reported with its file and line, and nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guidance.content.problems import BadContent
from guidance.content.reader import read_folder
from guidance.models import GuideVersion
from tests.guidance.factories import FIRST_VERSION

QUESTIONS, CONSIDERATIONS, GUIDE, PRINCIPLES, RESOURCES, VERSION = (
    "questions.yaml",
    "considerations.yaml",
    "guide.md",
    "principles.yaml",
    "resources.yaml",
    "version.yaml",
)


def line_of(path: Path, words: str) -> int:
    """The line of the last occurrence."""
    return max(n for n, line in enumerate(path.read_text().split("\n"), start=1) if words in line)


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(BadContent) as error:
        read_folder(folder)
    return [str(problem) for problem in error.value.problems]


# file, what stands there, what is put in its place, the words whose line is named, what is said
FAULTS = {
    "YAML syntax": (QUESTIONS, "    kind: one", "    kind: [one", None, "this is not YAML"),
    "duplicate mapping key": (
        QUESTIONS,
        "    text: What is the context?",
        "    text: What is the context?\n    text: And again?",
        "And again?",
        "“text” is already given on line",
    ),
    "alias": (
        QUESTIONS,
        "    max_length: 2000",
        "    max_length: &many 2000\n    hint: *many",
        None,
        "“hint” is already",
    ),
    "duplicate question key": (
        QUESTIONS,
        "key: what.context",
        "key: what.request",
        "key: what.request",
        "the question “what.request” is given twice",
    ),
    "duplicate option key": (
        QUESTIONS,
        "key: partly",
        'key: "yes"  # again',
        "# again",
        "the option “yes” is given twice",
    ),
    "duplicate anchor": (
        GUIDE,
        "{#why}",
        "{#who-is-asking}",
        "{#who-is-asking}",
        "“who-is-asking” is already used on line",
    ),
    "duplicate example": (
        GUIDE,
        "example dwp-and-social-worker",
        "example eviction-not-shared",
        '"The DWP colleague',
        "“eviction-not-shared” is already used on line",
    ),
    "unknown field": (
        QUESTIONS,
        "    hint: If not",
        "    colour: If not",
        "colour:",
        "“colour” is not known here",
    ),
    "unknown part": (QUESTIONS, "\nwhy:\n", "\nwherefore:\n", "wherefore:", "there is no part “wherefore”"),
    "unknown kind": (QUESTIONS, "kind: date", "kind: hour", "kind: hour", "“hour” is not known for “kind”"),
    "unknown direction": (
        QUESTIONS,
        "directions: [told]",
        "directions: [heard]",
        "[heard]",
        "“heard” is not known for “directions”",
    ),
    "unknown category": (
        QUESTIONS,
        "category: criminal_offence",
        "category: secret",
        "category: secret",
        "“secret” is not known for “category”",
    ),
    "key of another part": (
        QUESTIONS,
        "key: who.verified",
        "key: why.verified",
        "key: why.verified",
        "stands under “who”: it must begin with “who.”",
    ),
    "key that is no key": (QUESTIONS, "key: who.verified", "key: who  # here", "# here", "“key” is “who”"),
    "option without text": (
        QUESTIONS,
        "        text: Tomorrow\n",
        "",
        "key: tomorrow",
        "“text” is missing",
    ),
    "option with empty text": (QUESTIONS, "text: Tomorrow", "text:  # none", "# none", "“text” is empty"),
    "text without max_length": (
        QUESTIONS,
        "    max_length: 500\n",
        "",
        "key: what.best_placed_who",
        "“max_length” is missing",
    ),
    "max_length on a choice": (
        QUESTIONS,
        "    kind: date\n",
        "    kind: date\n    max_length: 9\n",
        "max_length: 9",
        "“max_length” belongs to questions of kind text",
    ),
    "max_length that is no number": (
        QUESTIONS,
        "max_length: 500",
        "max_length: many",
        "max_length: many",
        "“max_length” must be a whole number, not “many”",
    ),
    "date option without days": (
        QUESTIONS,
        "        days: 84\n",
        "",
        "key: twelve-weeks",
        "“days” is missing",
    ),
    "choice without options": (
        QUESTIONS,
        "    kind: text\n    text: Could less do?",
        "    kind: one\n    text: Could less do?",
        "key: why.less",
        "has no options to choose from",
    ),
    "exclusive where one is chosen": (
        QUESTIONS,
        "        text: Not yet\n",
        "        text: Not yet\n        exclusive: true  # odd\n",
        "# odd",
        "“exclusive” belongs to options of which several",
    ),
    "broken citation": (
        QUESTIONS,
        "[section:remember]",
        "[section:forget]",
        "section:forget",
        "“section:forget” leads nowhere",
    ),
    "reveals no question": (
        QUESTIONS,
        "reveals: decide.told_person_why_not",
        "reveals: decide.nothing",
        "reveals: decide.nothing",
        "“decide.nothing” names no question",
    ),
    "reveals what came before": (
        QUESTIONS,
        "reveals: decide.told_person_why_not",
        "reveals: decide.shared",
        "reveals: decide.shared",
        "must come later in the same part",
    ),
    "outcome missing": (
        QUESTIONS,
        "key: decide.outcome",
        "key: decide.ending",
        None,
        "“decide.outcome” is missing",
    ),
    "reasoning missing": (
        QUESTIONS,
        "key: decide.reasoning",
        "key: decide.grounds",
        None,
        "“decide.reasoning” is missing",
    ),
    "outcome not required": (
        QUESTIONS,
        "    required: true\n    options:",
        "    options:",
        "key: decide.outcome",
        "must say “required: true”",
    ),
    "example never closed": (
        GUIDE,
        ":::\n\n## The Legal Framework",
        "\n## The Legal Framework",
        "::: example eviction-not-shared",
        "is never closed",
    ),
    "heading without anchor": (GUIDE, " {#remember}", "", "## Remember", "“Remember” has no anchor"),
    "level skipped": (GUIDE, "## Remember", "#### Remember", "#### Remember", "headings have two levels"),
    "unknown container": (GUIDE, "::: remember", "::: forget", "::: forget", "“::: forget” is not known"),
    "character that cannot be shown": (
        GUIDE,
        "Providing a good",
        "Providing\0 a good",
        "Providing",
        "U+0000",
    ),
    "title too long": (
        GUIDE,
        "# Sharing well",
        "# " + "Sharing " * 30,
        "# Sharing",
        "longer than 200 characters",
    ),
    "principle twice": (
        PRINCIPLES,
        "number: 8",
        "number: 7 # again",
        "# again",
        "principle 7 is given twice",
    ),
    "publication missing": (PRINCIPLES, "publication:", "place:", "place:", "“place” is not known here"),
    "odd address": (
        RESOURCES,
        "url: https://www.ukcgc",
        "url: javascript:www.ukcgc",
        "javascript:",
        "is not a web address",
    ),
    "duplicate consideration key": (
        CONSIDERATIONS,
        "key: request-not-clear",
        "key: serious-harm-now # again",
        "# again",
        "the consideration “serious-harm-now” is given twice",
    ),
    "consideration key that is no key": (
        CONSIDERATIONS,
        "key: request-not-clear",
        "key: Request not clear",
        "key: Request not clear",
        "“key” is “Request not clear”",
    ),
    "consideration of an unknown part": (
        CONSIDERATIONS,
        "\nwhy:\n",
        "\nwhen:\n",
        "when:",
        "there is no part “when”",
    ),
    "consideration that names its part": (
        CONSIDERATIONS,
        "key: serious-harm-now",
        "key: serious-harm-now\n    part: who",
        "part: who",
        "“part” is not given here",
    ),
    "consideration of an unknown kind": (
        CONSIDERATIONS,
        "kind: act",
        "kind: panic",
        "kind: panic",
        "“panic” is not known for “kind”",
    ),
    "consideration without words": (
        CONSIDERATIONS,
        "    text: >-\n      Someone may come",
        "    text:  # none\n    words: >-\n      Someone may come",
        "# none",
        "“text” is empty",
    ),
    "consideration grounded in nothing": (
        CONSIDERATIONS,
        "cites: [example:eviction-not-shared, section:taking-reasonable-steps]",
        "cites: []",
        "cites: []",
        "“cites” is empty: it needs at least 1",
    ),
    "consideration grounded in what is not there": (
        CONSIDERATIONS,
        "[principle:2, principle:3]",
        "[principle:2, principle:33]",
        "principle:33",
        "“principle:33” leads nowhere",
    ),
    "condition that asks nothing": (
        CONSIDERATIONS,
        "    condition:\n      all:\n        - {question: what.urgency, is: now}\n",
        "    condition: {all: []}\n",
        "all: []",
        "a condition needs a clause under “all” or “any”",
    ),
    "condition without clauses": (
        CONSIDERATIONS,
        "      all:\n        - {question: what.urgency, is: now}\n",
        "      none: []\n",
        "none: []",
        "“none” is not known here",
    ),
    "clause that asks two things": (
        CONSIDERATIONS,
        "{question: what.urgency, is: now}",
        "{question: what.urgency, is: now, unanswered: true}",
        "is: now, unanswered",
        "a clause needs exactly one of",
    ),
    "clause that asks nothing": (
        CONSIDERATIONS,
        "{question: what.urgency, is: now}",
        "{question: what.urgency}",
        "{question: what.urgency}",
        "a clause needs exactly one of",
    ),
    "clause with a word of its own": (
        CONSIDERATIONS,
        "{question: what.urgency, is: now}",
        "{question: what.urgency, was: now}",
        "was: now",
        "“was” is not known here",
    ),
    "unanswered that is not": (
        CONSIDERATIONS,
        "unanswered: true",
        "unanswered: false",
        "unanswered: false",
        "“unanswered” can only be true, not “false”",
    ),
    "clause with two options in one": (
        CONSIDERATIONS,
        "is: now}",
        "is: now or later}",
        "now or later",
        "“is” is “now or later”: it must be the key of an option",
    ),
    "clause about a question nobody asks": (
        CONSIDERATIONS,
        "question: what.sure, is: partly",
        "question: what.certain, is: partly",
        "what.certain",
        "“what.certain” names no question of this version",
    ),
    "clause about an option that is not there": (
        CONSIDERATIONS,
        "question: what.sure, is: partly",
        "question: what.sure, is: hardly",
        "is: hardly",
        "“what.sure” has no option “hardly”",
    ),
    "clause about a direction there is not": (
        CONSIDERATIONS,
        "question: direction, is: ask}",
        "question: direction, is: asking}",
        "is: asking}",
        "“direction” has no option “asking”",
    ),
    "clause about no direction": (
        CONSIDERATIONS,
        "question: direction, is: ask}",
        "question: direction, unanswered: true}",
        "direction, unanswered",
        "“direction” is always answered",
    ),
    "eleven core questions": (
        QUESTIONS,
        "key: what.sure\n    kind: one\n",
        "key: what.sure\n    kind: one\n    core: [share]\n",
        None,
        "“We want to share information” has 11 core questions: choose at most 10",
    ),
    "applies with a later question": (
        QUESTIONS,
        "key: what.context\n    kind: text\n",
        "key: what.context\n    kind: text\n    applies_when: {all: [{question: what.best_placed, is: both}]}\n",
        None,
        "“what.best_placed” must come earlier in the same part",
    ),
    "applies with an option that is not there": (
        QUESTIONS,
        "{question: who.authority, includes: none}",
        "{question: who.authority, includes: nothing}",
        "includes: nothing",
        "“who.authority” has no option “nothing”",
    ),
    "a required question that does not always apply": (
        QUESTIONS,
        "key: decide.first_step\n    kind: text\n",
        "key: decide.first_step\n    kind: text\n    required: true\n    applies_when: {all: [{question: decide.outcome, is: ask}]}\n",  # noqa: E501
        None,
        "“decide.first_step” is required, so it always applies",
    ),
    "folded where one is chosen": (
        QUESTIONS,
        "- key: partly\n        text: Partly\n",
        "- key: partly\n        text: Partly\n        folded: true\n",
        "folded: true",
        "“folded” belongs to options of which several can be chosen",
    ),
    "includes where one is chosen": (
        CONSIDERATIONS,
        "question: what.sure, is: partly",
        "question: what.sure, includes: partly",
        "includes: partly",
        "“includes” belongs to questions of kind several: “what.sure” is of kind one",
    ),
    "is where several are chosen": (
        CONSIDERATIONS,
        "question: what.kinds, includes: family",
        "question: what.kinds, is: family",
        "is: family",
        "“is” belongs to questions of kind one: “what.kinds” is of kind several",
    ),
    "is_not of words": (
        CONSIDERATIONS,
        "question: why.purpose, unanswered: true",
        "question: why.purpose, is_not: good",
        "is_not: good",
        "“is_not” belongs to questions of kind one: “why.purpose” is of kind text",
    ),
    "option that is not offered this way": (
        CONSIDERATIONS,
        "{question: direction, is: ask}",
        "{question: decide.outcome, is: ask}\n        - {question: direction, is: told}",
        None,
        "these can never hold together, whichever way the information goes",
    ),
    "clause that can never hold": (
        CONSIDERATIONS,
        "question: what.kinds, includes: contact-details",
        "question: what.kinds, includes: dont-know",
        None,
        "this can never hold, whichever way the information goes",
    ),
    "no date": (VERSION, "2026-03-20", "next Tuesday", "next Tuesday", "must be a date such as 2026-03-20"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_file_and_line_and_changes_nothing(fault: str, folder: Path) -> None:
    name, old, new, at, says = FAULTS[fault]
    spoil(folder / name, old, new)

    with pytest.raises(CommandError) as error:
        call_command("load_guide", folder)

    lines = [line for line in str(error.value).split("\n") if says in line]
    assert len(lines) == 1, str(error.value)
    assert lines[0].startswith(f"{name}, line {line_of(folder / name, at)}: " if at else f"{name}, line ")
    assert "Nothing was changed" in str(error.value)
    assert not GuideVersion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [QUESTIONS, CONSIDERATIONS, GUIDE, PRINCIPLES, RESOURCES, VERSION])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()

    with pytest.raises(CommandError, match=f"{name}: this file is missing"):
        call_command("load_guide", folder)

    assert not GuideVersion.objects.exists()


@pytest.mark.parametrize("name", [QUESTIONS, CONSIDERATIONS, GUIDE, PRINCIPLES, RESOURCES, VERSION])
def test_bytes_that_are_not_utf_8_are_named_with_their_line(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(b"# first line\n" + b"caf\xe9\n" + content)

    assert f"{name}, line 2: this is not UTF-8 text: save the file as UTF-8." in problems_of(folder)


@pytest.mark.parametrize("name", [QUESTIONS, CONSIDERATIONS, PRINCIPLES, RESOURCES, VERSION])
def test_an_empty_file_is_named(name: str, folder: Path) -> None:
    (folder / name).write_text("")

    assert f"{name}, line 1: this file is empty." in problems_of(folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (QUESTIONS, "just words"),
        (QUESTIONS, "what: just words"),
        (QUESTIONS, "what:\n  - just words"),
        (QUESTIONS, "? [a, b]\n: c"),
        (QUESTIONS, "what: &a\n  - *a"),
        (CONSIDERATIONS, "just words"),
        (CONSIDERATIONS, "what: just words"),
        (CONSIDERATIONS, "what:\n  - just words"),
        (CONSIDERATIONS, "what:\n  - condition: just words"),
        (CONSIDERATIONS, "what:\n  - condition:\n      all: [a, b]"),
        (PRINCIPLES, "- a\n- b"),
        (RESOURCES, "title: a"),
        (VERSION, "[2026-03-20]"),
    ],
)
def test_yaml_of_another_shape_is_named(name: str, text: str, folder: Path) -> None:
    (folder / name).write_text(text)

    assert any(problem.startswith(f"{name}, line ") for problem in problems_of(folder))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: there is no such folder."]


def test_faults_of_several_files_are_named_at_once(folder: Path) -> None:
    spoil(folder / GUIDE, " {#remember}", "")
    spoil(folder / QUESTIONS, "kind: date", "kind: hour")
    (folder / RESOURCES).unlink()

    assert {problem.partition(",")[0].partition(":")[0] for problem in problems_of(folder)} == {
        GUIDE,
        QUESTIONS,
        RESOURCES,
    }


def test_line_endings_and_a_byte_order_mark_of_another_machine_make_no_difference(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_folder(folder) == read_folder(FIRST_VERSION)


def test_a_character_that_yaml_does_not_know_is_named(folder: Path) -> None:
    spoil(folder / QUESTIONS, "What is the context?", "What is\uffff the context?")

    assert problems_of(folder) == [
        (
            f"questions.yaml, line {line_of(folder / QUESTIONS, 'the context?')}: "
            "a character that cannot be shown (U+FFFF): take it out."
        )
    ]
