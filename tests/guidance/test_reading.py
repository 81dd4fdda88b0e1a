from __future__ import annotations

import dataclasses

import pydantic
import pytest
from pytest_django import DjangoAssertNumQueries

from guidance.choices import Direction, Part
from guidance.models import GuideVersion, Question
from guidance.reading import current_version, questions, rendered
from tests.guidance.factories import (
    ExampleFactory,
    GuideVersionFactory,
    OptionFactory,
    PrincipleFactory,
    QuestionFactory,
    SectionFactory,
)
from tests.guidance.pages import soup_of

pytestmark = pytest.mark.django_db


def test_nothing_is_current_before_something_is_published() -> None:
    GuideVersionFactory.create(draft=True)

    assert current_version() is None
    published = GuideVersionFactory.create()
    assert current_version() == published


def test_the_latest_date_that_is_published_is_current() -> None:
    GuideVersionFactory.create(date="2026-05-01")
    latest = GuideVersionFactory.create(date="2026-09-01")
    GuideVersionFactory.create(date="2026-07-01")
    GuideVersionFactory.create(date="2026-12-01", draft=True)

    assert current_version() == latest


def test_a_published_version_is_rendered_once(
    guide: GuideVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = rendered(guide)

    with django_assert_num_queries(0):
        again = rendered(GuideVersion(pk=guide.pk, published_at=guide.published_at, date=guide.date))

    assert again is first


def test_a_draft_is_rendered_as_it_stands() -> None:
    section = SectionFactory.create(version__draft=True, body="Before.")
    rendered(section.version)
    section.body = "After."
    section.save()

    assert "After." in rendered(section.version).sections[0].html


def test_questions_take_two_queries_and_then_none(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = QuestionFactory.create().version
    with django_assert_num_queries(2):
        first = questions(version)
    with django_assert_num_queries(0):
        assert questions(version) is first


def test_the_questions_of_a_draft_are_read_each_time() -> None:
    question = QuestionFactory.create(version__draft=True, text="Before?")
    questions(question.version)
    Question.objects.update(text="After?")

    assert [each.text for each in questions(question.version)] == ["After?"]


def test_a_question_knows_its_part_and_cannot_be_altered(guide: GuideVersion) -> None:
    question = questions(guide)[0]

    assert question.part is Part.WHAT
    with pytest.raises(pydantic.ValidationError):
        question.text = "Something else?"  # type: ignore[misc]


def test_options_are_offered_for_the_directions_they_apply_to() -> None:
    question = QuestionFactory.create(kind=Question.Kind.ONE)
    OptionFactory.create(question=question, key="always")
    OptionFactory.create(question=question, key="when-told", directions=["told"])

    (read,) = questions(question.version)

    assert [option.key for option in read.options_for(Direction.TOLD)] == ["always", "when-told"]
    assert [option.key for option in read.options_for("asked")] == ["always"]


def test_an_option_names_the_question_it_reveals() -> None:
    question = QuestionFactory.create(kind=Question.Kind.ONE)
    revealed = QuestionFactory.create(version=question.version)
    OptionFactory.create(question=question, reveals=revealed)

    assert questions(question.version)[0].options[0].reveals == revealed.key


def test_contents_set_subheadings_below_their_heading(guide: GuideVersion) -> None:
    contents = {
        entry.heading.slug: [section.slug for section in entry.below] for entry in rendered(guide).contents
    }

    assert contents["key-principles"] == ["what-is-needed", "who-is-asking", "why"]
    assert list(contents)[-1] == "other-resources"
    assert sum(len(below) + 1 for below in contents.values()) == 14


def test_passages_come_once_and_in_the_order_they_are_cited(guide: GuideVersion) -> None:
    passages = rendered(guide).passages(
        ["principle:7", "example:eviction-not-shared", "section:why", "section:what-is-needed", "section:why"]
    )

    assert [(passage.kind, passage.url) for passage in passages] == [
        ("principle", "/guide/2026-03-20/principles/#principle-7"),
        ("example", "/guide/2026-03-20/#eviction-not-shared"),
        ("section", "/guide/2026-03-20/#why"),
        ("section", "/guide/2026-03-20/#what-is-needed"),
    ]
    assert passages[0].title.startswith("Principle 7: The duty to share")
    assert passages[1].title == "The eviction that was not shared"
    assert passages[3].title == "What is needed?"


def test_an_example_is_not_shown_twice_when_its_section_is(guide: GuideVersion) -> None:
    passages = rendered(guide).passages(["example:neighbour-raises-a-concern", "section:who-is-asking"])

    assert [passage.kind for passage in passages] == ["section"]
    assert passages[0].html.count("someone genuinely concerned for their neighbour") == 1


def test_passages_hold_no_anchors_of_their_own(guide: GuideVersion) -> None:
    """Anchors could collide with ids of the form beside it; the website's drawing has ids of its own."""
    citable = rendered(guide).citable
    assert citable
    for passage in citable.values():
        soup = soup_of(passage.html)
        for drawing in soup.select("svg"):
            drawing.decompose()

        assert not soup.select("[id]")
        assert not soup.select("a[href^='#']")


def test_a_citation_that_leads_nowhere_is_left_out(guide: GuideVersion) -> None:
    (why,) = rendered(guide).passages(["section:gone", "section:why", "nonsense"])
    assert why.kind == "section"


def test_a_draft_with_an_example_that_stands_nowhere_can_be_read() -> None:
    example = ExampleFactory.create(
        section__version__draft=True, section__body="::: example gone\n:::\n\nWords."
    )
    PrincipleFactory.create(version=example.version)

    guide = rendered(example.version)

    assert "Words." in guide.sections[0].html
    assert [passage.kind for passage in guide.citable.values()] == ["section", "example", "principle"]


def test_the_rendered_guide_cannot_be_altered(guide: GuideVersion) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        rendered(guide).title = "Something else"  # type: ignore[misc]
