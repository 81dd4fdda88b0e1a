from __future__ import annotations

import dataclasses
import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from guidance.choices import Part
from guidance.models import Consideration, GuideVersion
from guidance.reading import considerations, rendered_considerations
from guidance.render.considerations import RenderedConsideration
from tests.guidance.factories import ConsiderationFactory, SectionFactory
from tests.guidance.pages import soup_of

pytestmark = pytest.mark.django_db


def rendering_of(**fields: object) -> RenderedConsideration:
    row = ConsiderationFactory.create(**fields)
    return rendered_considerations(row.version)[row.key]


def test_considerations_take_one_query_and_then_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    version = ConsiderationFactory.create().version
    with django_assert_num_queries(1):
        first = considerations(version)
    with django_assert_num_queries(0):
        assert considerations(GuideVersion(pk=version.pk, published_at=version.published_at)) is first


def test_they_are_rendered_once_in_the_guides_order(
    guide: GuideVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = rendered_considerations(guide)

    with django_assert_num_queries(0):
        assert rendered_considerations(guide) is first
    assert list(first) == [each.key for each in considerations(guide)]


def test_those_of_a_draft_are_read_each_time() -> None:
    row = ConsiderationFactory.create(version__draft=True, text="Before.")
    rendered_considerations(row.version)
    Consideration.objects.update(text="After.")

    assert [each.text for each in considerations(row.version)] == ["After."]
    assert rendered_considerations(row.version)[row.key].text == "After."


def test_every_consideration_of_the_first_version_leads_to_each_passage_it_cites(guide: GuideVersion) -> None:
    shown = rendered_considerations(guide)

    for each in considerations(guide):
        assert len(shown[each.key].passages) == len(each.cites)


def test_it_says_where_it_is_shown_what_is_meant_and_what_it_is_grounded_in(guide: GuideVersion) -> None:
    shown = rendered_considerations(guide)["someone-else-better-placed"]

    assert shown.part is Part.WHAT
    assert shown.kind.label == "Think about it"
    assert [(passage.title, passage.url) for passage in shown.passages] == [
        ("What is needed?", "/guide/2026-03-20/#what-is-needed"),
        ("The DWP colleague and the named social worker", "/guide/2026-03-20/#dwp-and-social-worker"),
    ]


def test_an_example_is_named_even_beside_the_section_it_stands_in(guide: GuideVersion) -> None:
    """Beside a question it would be shown twice; here it is a link."""
    shown = rendered_considerations(guide)["lawful-basis-not-known"].passages

    assert [passage.kind for passage in shown] == ["section", "section", "principle"]
    both = rendered_considerations(guide)["no-authority-need-not-be-the-end"].passages
    assert [passage.kind for passage in both] == ["section", "section", "example"]


def test_words_are_kept_without_their_markup_too() -> None:
    shown = rendering_of(text="Ask *what for* & [who](https://example.org/).\n\n- One\n- “Two”")

    assert shown.text == "Ask what for & who.\n\nOne\n“Two”"
    assert [item.text for item in soup_of(shown.html).select("li")] == ["One", "“Two”"]
    assert soup_of(shown.html).select_one("em")


def test_a_script_is_shown_harmless() -> None:
    shown = rendering_of(text='<script>alert(1)</script><b onclick="x">Bold</b>')

    assert soup_of(shown.html).find(["script", "b"]) is None
    assert shown.text == '<script>alert(1)</script><b onclick="x">Bold</b>'


def test_a_link_within_the_guide_leads_to_its_version() -> None:
    shown = rendering_of(version__date=datetime.date(2026, 5, 1), text="See [why](#why).")

    link = soup_of(shown.html).a
    assert link is not None
    assert link["href"] == "/guide/2026-05-01/#why"


def test_a_citation_that_leads_nowhere_is_left_out_and_none_is_given_twice() -> None:
    section = SectionFactory.create(version__draft=True, slug="why")

    shown = rendering_of(
        version=section.version, cites=["section:why", "section:gone", "principle:9", "section:why"]
    )

    assert [passage.kind for passage in shown.passages] == ["section"]


def test_what_is_rendered_cannot_be_altered(guide: GuideVersion) -> None:
    shown = rendered_considerations(guide)

    with pytest.raises(dataclasses.FrozenInstanceError):
        shown["serious-harm-now"].text = "Something else"  # type: ignore[misc]
    with pytest.raises(TypeError):
        shown["another"] = shown["serious-harm-now"]  # type: ignore[index]
