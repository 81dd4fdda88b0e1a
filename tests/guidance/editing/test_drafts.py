"""Remarks on a draft before publication. Invalid drafts can be read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import models
from pytest_django import DjangoAssertNumQueries

from guidance.content.checks import OUTCOME, REASONING
from guidance.editing.drafts import REQUIRED_QUESTIONS, read_draft
from guidance.editing.publishing import publish_draft, start_draft
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from sharingwell.accounts.models import Role, User
from tests.sharingwell.accounts.factories import PersonFactory

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def editor(db: None) -> User:
    return PersonFactory(roles=[Role.GUIDE_EDITOR])


def test_a_copy_of_what_is_published_has_no_errors(draft: GuideVersion) -> None:
    read = read_draft(draft)
    assert read.version == draft
    assert read.errors == ()


def test_what_needs_an_address_or_a_figure_is_a_warning(draft: GuideVersion) -> None:
    said = [(str(remark.row), remark.message) for remark in read_draft(draft).warnings]

    assert said == [
        ("About this guide", "The link “here” needs an address"),
        ("To find out more about Changing Futures", "The link “web page” needs an address"),
        (
            "The Legal Framework (Data Protection, Duty of Confidentiality)",
            (
                "A figure is missing after “The way to get it right is as follows:”: "
                "the website’s drawing stands in for it"
            ),
        ),
    ]


def test_a_newer_version_than_the_one_it_was_copied_from_is_a_warning(
    draft: GuideVersion, editor: User
) -> None:
    other = start_draft(by=editor)
    publish_draft(
        by=editor, draft=other, date=datetime.date(2026, 9, 1), change_note="New.", significance="minor"
    )

    (outdated,) = [remark for remark in read_draft(draft).warnings if remark.row is None]
    assert "The version of 1 September 2026 was published after this draft was started" in outdated.message


def change(table: type[models.Model], key: str, **fields: object) -> Callable[[GuideVersion], None]:
    """Changes the row with that key, slug or number, without validation."""
    name = {Section: "slug", Example: "slug", Principle: "number", Resource: "title"}.get(table, "key")

    def spoil(draft: GuideVersion) -> None:
        rows = (
            table._default_manager.filter(question__version=draft)
            if table is Option
            else table._default_manager.filter(version=draft)
        )
        assert rows.filter(**{name: key}).update(**fields)

    return spoil


def delete(table: type[models.Model], key: str) -> Callable[[GuideVersion], None]:
    name = {Section: "slug", Example: "slug", Principle: "number"}.get(table, "key")

    def spoil(draft: GuideVersion) -> None:
        path = "question__version" if table is Option else "version"
        for row in table._default_manager.filter(**{path: draft, name: key}):
            row.delete()

    return spoil


FAULTS = {
    "needed question missing": (
        delete(Question, "what.kinds"),
        None,
        "The question “what.kinds” is missing: it shows where",
    ),
    "needed question of another kind": (
        change(Question, "who.relationship", kind="several"),
        "who.relationship",
        "“who.relationship” must be of kind one",
    ),
    "outcome missing": (delete(Question, "decide.outcome"), None, "The question “decide.outcome” is missing"),
    "reasons not required": (
        change(Question, "decide.reasoning", required=False),
        "decide.reasoning",
        "“decide.reasoning” must say “required: true”",
    ),
    "option that a consideration names": (
        delete(Option, "now"),
        "serious-harm-now",
        "“what.urgency” has no option “now”",
    ),
    "question that a condition names": (
        delete(Question, "what.urgency"),
        "serious-harm-now",
        "“what.urgency” names no question of this version",
    ),
    "citation of a question": (
        change(Question, "what.urgency", cites=["section:nowhere"]),
        "what.urgency",
        "“section:nowhere” leads nowhere: no such passage is in this version",
    ),
    "citation of a consideration": (
        change(Consideration, "serious-harm-now", cites=["principle:9"]),
        "serious-harm-now",
        "“principle:9” leads nowhere",
    ),
    "message that names what is not there": (
        change(Message, "request", text="We ask for {decide.nothing}, {reference}."),
        "request",
        "“{decide.nothing}” is neither a question of this version nor one of reference, name",
    ),
    "message with half a placeholder": (
        change(Message, "request", text="Quote {reference."),
        "request",
        "A brace stands alone: a placeholder is written as “{reference}”",
    ),
    "message for an outcome that is not there": (
        change(Message, "request", condition={"all": [{"question": "decide.outcome", "is": "gone"}]}),
        "request",
        "“decide.outcome” has no option “gone”",
    ),
    "no options": (
        change(Question, "what.request", kind="one", max_length=None),
        "what.request",
        "no options",
    ),
    "empty section": (
        change(Section, "what-we-all-need", body=" \n"),
        "what-we-all-need",
        "This section is empty: write its text, or delete it",
    ),
    "heading level skipped": (
        change(Section, "what-is-changing-futures", level=3),
        "what-is-changing-futures",
        "A heading level is skipped",
    ),
    "heading in a text": (
        change(Section, "why", body="One.\n\n## Two {#two}\n\nThree."),
        "why",
        "Line 3: a heading is a section of its own, not part of a text",
    ),
    "example named that is not there": (
        change(Section, "why", body="::: example nobody\n:::"),
        "why",
        "Line 1: there is no example “nobody”",
    ),
    "example standing nowhere": (
        change(Section, "why", body="Because."),
        "consent-form-not-feasible",
        "It stands nowhere in the text",
    ),
    "example standing twice": (
        change(Section, "remember", body="::: example eviction-not-shared\n:::"),
        "eviction-not-shared",
        "It stands in the text more than once",
    ),
    "unknown container": (change(Section, "why", body="::: warning\nNo.\n:::"), "why", "is not known"),
    "container never closed": (
        change(Section, "remember", body="One.\n\n::: remember\n- Two"),
        "remember",
        "Line 3: “::: remember” is never closed",
    ),
    "container in an example": (
        change(Example, "hospital-admission", body="One.\n:::\nTwo."),
        "hospital-admission",
        "Line 2: an example holds no heading and no “:::”",
    ),
    "note that is not there": (
        change(Section, "why", body="One[^7].\n\n::: example consent-form-not-feasible\n:::"),
        "why",
        "Line 1: “[^7]” points to a note that is not there",
    ),
    "anchor of a section and an example": (
        change(Section, "key-principles", slug="eviction-not-shared"),
        "eviction-not-shared",
        "already used by “The key principles for information sharing”",
    ),
    "anchor of the page": (change(Section, "why", slug="main-content"), "main-content", "taken by the page"),
    "slug in capitals": (change(Section, "why", slug="Why_Not"), "Why_Not", "“slug” is “Why_Not”"),
    "title empty": (change(Section, "why", title=""), "why", "“title” is empty"),
    "title of two lines": (change(Principle, "7", title="One\nTwo"), "7", "“title” must be one line"),
    "character that cannot be shown": (
        change(Option, "tomorrow", text="Bell\x07"),
        "tomorrow",
        "“text” holds a character that cannot be shown (U+0007)",
    ),
    "character that cannot be shown in the words of a direction": (
        change(Option, "tomorrow", wording={"told": {"text": "Bell\x07"}}),
        "tomorrow",
        "“wording by direction” holds a character that cannot be shown (U+0007)",
    ),
    "words of a direction on two lines": (
        change(Question, "who.asking", wording={"told": {"text": "Who\ntold you?"}}),
        "who.asking",
        "must be one line",
    ),
    "words of no direction": (
        change(Question, "who.asking", wording={"nobody": {"text": "Who?"}}),
        "who.asking",
        "nobody",
    ),
    "address that is none": (
        change(Resource, "UK Caldicott Guardian Council", url="javascript:alert(1)"),
        None,
        "“javascript:alert(1)” is not a web address",
    ),
    "condition that is none": (
        change(Consideration, "serious-harm-now", condition={"some": [1]}),
        "serious-harm-now",
        "Its condition: “some” is not known here",
    ),
    "condition of another shape": (
        change(Consideration, "serious-harm-now", condition=["now"]),
        "serious-harm-now",
        "Its condition:",
    ),
}


@pytest.mark.usefixtures("draft_throughout")
class TestAFault:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_is_an_error_at_its_row(self, fault: str, draft: GuideVersion) -> None:
        spoil, key, words = FAULTS[fault]
        spoil(draft)

        errors = read_draft(draft).errors
        found = [remark for remark in errors if words in remark.message]

        assert found, [remark.message for remark in errors]
        if key:
            named = {
                str(getattr(remark.row, name, "")) for remark in found for name in ("slug", "key", "number")
            }
            assert key in named

    def test_is_an_example_of_another_versions_section(
        self, draft: GuideVersion, guide: GuideVersion
    ) -> None:
        draft.examples.filter(slug="eviction-not-shared").update(section=guide.sections.all()[0])

        assert "It belongs to a section of another version" in [r.message for r in read_draft(draft).errors]


def test_reading_a_draft_takes_a_query_a_table(
    draft: GuideVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(9):
        read_draft(draft)


def test_every_question_the_product_names_is_asked_for() -> None:
    """Covers code that works with answers; templates and demonstration data may name other questions."""
    named = {
        key
        for folder in ["decisions/domain", "decisions/record", "guidance/content", "guidance/editing"]
        for path in (ROOT / folder).glob("*.py")
        for key in re.findall(
            r'^[A-Z_]+(?:, [A-Z_]+)* = .*"((?:what|who|why|role|decide)\.\w+)"',
            path.read_text(),
            re.MULTILINE,
        )
    }

    assert named
    assert named <= {*REQUIRED_QUESTIONS, OUTCOME, REASONING}
