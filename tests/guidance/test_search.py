from __future__ import annotations

from urllib.parse import quote

import pytest
from bs4 import Tag
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from guidance.models import GuideVersion
from guidance.search import MAX_QUERY_LENGTH, Outcome, search
from tests.guidance.factories import (
    ExampleFactory,
    GuideVersionFactory,
    OptionFactory,
    PrincipleFactory,
    QuestionFactory,
    SectionFactory,
)
from tests.guidance.pages import main_of, soup_of, words_of
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db


def page(client: Client, words: str) -> Tag:
    response = client.get("/guide/search/", {"q": words})
    assert response.status_code == 200
    return main_of(content_of(response))


def titles(client: Client, words: str) -> list[str]:
    return [words_of(title) for title in page(client, words).select(".sw-results h3")]


class TestWhatIsFound:
    @pytest.mark.parametrize("words", ["share", "sharing", "shared", "SHARES"])
    def test_every_form_of_a_word(self, words: str, guide: GuideVersion, client: Client) -> None:
        found = titles(client, words)

        assert found == titles(client, "share")
        assert len(found) > 10
        assert "The key principles for information sharing" in found

    @pytest.mark.parametrize(
        "words", ["housebound", "wheelchair", "housebound neighbour", "doorbell housebound", "housbound"]
    )
    def test_a_question_by_the_words_of_its_options_and_their_hints(self, words: str, client: Client) -> None:
        """All words must match one question."""
        version = GuideVersionFactory.create()
        question = QuestionFactory.create(
            version=version, kind="one", text="Which doorbell?", hint="A neighbour."
        )
        OptionFactory.create(question=question, text="The housebound one", hint="or with a wheelchair")
        other = QuestionFactory.create(version=version, kind="one", text="Which gate?")
        OptionFactory.create(question=other, text="The green one")

        assert titles(client, words) == ["Which doorbell?"]
        assert "The housebound one" in words_of(page(client, words))

    @pytest.mark.parametrize(
        ("words", "title", "address"),
        [
            (
                "accommodation evicted",
                "The eviction that was not shared",
                "/guide/2026-03-20/#eviction-not-shared",
            ),
            ("enabler", "An enabler not a barrier", "/guide/2026-03-20/#an-enabler-not-a-barrier"),
            ("need-to-know basis", "Access to confidential", "/guide/2026-03-20/principles/#principle-4"),
            ("how urgent", "How urgent is the matter?", "/guide/2026-03-20/questions/#question-what-urgency"),
        ],
    )
    def test_sections_examples_principles_and_questions_by_their_place(
        self, words: str, title: str, address: str, guide: GuideVersion, client: Client
    ) -> None:
        results = page(client, words)
        (link,) = results.select(f".sw-results a[href='{address}']")

        assert title in words_of(link)
        target, _, anchor = address.partition("#")
        assert soup_of(content_of(client.get(target))).find(id=anchor)

    def test_words_in_a_heading_rank_above_words_in_a_text(self, client: Client) -> None:
        version = GuideVersionFactory.create()
        SectionFactory.create(
            version=version, title="Other things", body="Consent is one of many things here."
        )
        SectionFactory.create(version=version, title="Consent", body="Other things.")

        assert titles(client, "consent") == ["Consent", "Other things"]

    def test_only_the_current_version_is_looked_through(self, client: Client) -> None:
        SectionFactory.create(version__date="2026-01-01", title="Consent before")
        SectionFactory.create(version__date="2026-02-01", title="Consent now")
        SectionFactory.create(
            version=GuideVersionFactory.create(draft=True, date=None), title="Consent to come"
        )

        assert titles(client, "consent") == ["Consent now"]

    def test_matching_words_are_marked_in_headings_and_texts(self, client: Client) -> None:
        SectionFactory.create(title="Sharing well", body="Who **shared** it may share it again.")

        results = page(client, "share")

        assert [mark.get_text() for mark in results.select("mark")] == ["Sharing", "shared", "share"]
        assert "Who shared it may share it again." in words_of(results)

    def test_a_long_text_is_cut_around_the_words(self, client: Client) -> None:
        SectionFactory.create(body=f"{'Before it. ' * 200} An eviction notice. {'After it. ' * 200}")

        (excerpt,) = page(client, "eviction").select(".sw-results .govuk-body")

        assert "eviction notice" in words_of(excerpt)
        assert len(words_of(excerpt)) < 400

    def test_the_number_of_a_note_and_the_way_back_from_it_are_no_words_of_a_passage(
        self, client: Client
    ) -> None:
        SectionFactory.create(body="Keep confidentiality[^1] in mind.\n\n::: note 1\nThe law says so.\n:::")

        (excerpt,) = page(client, "confidentiality law").select(".sw-results .govuk-body")

        assert words_of(excerpt) == "Keep confidentiality in mind. The law says so."

    def test_words_in_quotation_marks_stand_together(self, client: Client) -> None:
        version = GuideVersionFactory.create()
        SectionFactory.create(version=version, title="One", body="There is a lawful basis.")
        SectionFactory.create(version=version, title="Two", body="A basis that could be lawful elsewhere.")

        assert titles(client, '"lawful basis"') == ["One"]
        assert titles(client, "lawful -elsewhere") == ["One"]


@pytest.mark.usefixtures("guide_throughout")
class TestAMisspelling:
    @pytest.mark.parametrize(
        ("typed", "meant", "title"),
        [
            ("evicton", "eviction", "The eviction that was not shared"),
            ("neigbour", "neighbour", "A neighbour raises a concern"),
            ("Caldicot", "caldicott", "Acting reasonably with the best interests of the person in mind"),
            ("confidentality law", "confidentiality law", "Comply with the law"),
        ],
    )
    def test_still_finds(
        self, typed: str, meant: str, title: str, guide: GuideVersion, client: Client
    ) -> None:
        results = page(client, typed)

        assert f"Nothing found for “{typed}”. Showing {meant} instead." in words_of(results)
        assert any(title in words_of(each) for each in results.select(".sw-results h3"))

    def test_of_one_word_leaves_the_others_as_they_are(self, guide: GuideVersion) -> None:
        assert search(guide, "hospitol admission").corrected == "hospital admission"

    @pytest.mark.parametrize("stands", ["police", "the police’s", "police-led", "policing"])
    def test_is_not_made_of_a_word_that_stands_in_the_guide_in_any_form(
        self, stands: str, client: Client
    ) -> None:
        SectionFactory.create(title="Policies", body=f"Some policies of neighbours, {stands} ones too.")

        found = search(GuideVersion.objects.current(), "police zzzzqqqq")

        assert found.outcome == Outcome.SOME_WORDS

    def test_is_not_made_of_another_word(self, client: Client) -> None:
        """Nor of a stop word."""
        SectionFactory.create(title="Policies", body="Those that a neighbour told.")

        assert search(GuideVersion.objects.current(), "police").outcome == Outcome.NONE
        assert search(GuideVersion.objects.current(), "these neigbour").corrected == "these neighbour"

    def test_words_that_stand_nowhere_together_find_passages_with_some(
        self, guide: GuideVersion, client: Client
    ) -> None:
        results = page(client, "eviction zzzzqqqq")

        assert "No passage has all of these words. These have some of them." in words_of(results)
        assert results.select(".sw-results h3")

    def test_unknown_words_find_nothing_and_get_help(self, guide: GuideVersion, client: Client) -> None:
        results = words_of(page(client, "zzzzqqqq"))

        assert "Nothing found for “zzzzqqqq”" in results
        assert "Some ways to find what you need" in results


ODD = [
    "",
    "   ",
    "\x00",
    "\x00\x00share",
    '"',
    "'",
    "“”",
    "the",
    "the and of",
    "-share",
    "- - -",
    "&|!():*",
    "share:*",
    "a & b | !c",
    "' OR 1=1 --",
    "%",
    "\\",
    "<b>share</b>",
    "<script>alert(1)</script>",
    "🙂",
    "字",
    "\ue000share\ue001",
    "share " * 900,
    "x" * 5000,
    "or or or",
    '"unclosed quotes share',
]


@pytest.mark.usefixtures("guide_throughout")
class TestAnOddQuery:
    @pytest.mark.parametrize("words", ODD)
    def test_is_answered_with_help_or_results(self, words: str, guide: GuideVersion, client: Client) -> None:
        results = page(client, words)

        assert results.select(".sw-results h3") or "Some ways to find what you need" in words_of(results)
        assert not results.select("script, b")

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=60))
    def test_of_any_characters_is_no_error(self, guide: GuideVersion, words: str) -> None:
        assert search(guide, words).outcome in Outcome

    def test_without_a_query_there_is_help(self, guide: GuideVersion, client: Client) -> None:
        response = client.get("/guide/search/")

        assert "Some ways to find what you need" in words_of(main_of(content_of(response)))

    def test_that_is_not_utf_8_is_no_error(self, guide: GuideVersion, client: Client) -> None:
        assert client.get("/guide/search/?q=%FF%FEshare").status_code == 200

    def test_that_is_long_is_cut_and_says_so(self, guide: GuideVersion, client: Client) -> None:
        results = search(guide, "share " * 100)

        assert (len(results.query) <= MAX_QUERY_LENGTH, results.is_truncated) == (True, True)
        assert "only its first 200 characters were looked for" in words_of(page(client, "share " * 100))

    def test_negations_alone_find_nothing_and_say_why(self, guide: GuideVersion) -> None:
        assert search(guide, "-share").outcome == Outcome.NO_SEARCHABLE_WORD
        assert search(guide, "the").outcome == Outcome.NO_SEARCHABLE_WORD


@pytest.mark.usefixtures("guide_throughout")
class TestThePage:
    def test_shows_script_in_every_field_as_words(self, client: Client) -> None:
        script = "<script>alert(1)</script> & share"
        section = SectionFactory.create(title=script, body=script)
        ExampleFactory.create(section=section, title=script, body=script)
        PrincipleFactory.create(version=section.version, title=script, explanation=script)
        QuestionFactory.create(version=section.version, text=script, hint=script)

        results = page(client, "share")

        assert len(results.select("h3")) == 4
        assert not results.select("script")
        assert (
            words_of(results).count("<script>alert(1)</script> & share") == 9
        )  # one names the example’s section

    def test_keeps_the_words_in_its_labelled_box(self, guide: GuideVersion, client: Client) -> None:
        results = page(client, 'who "is" <asking>')

        box = results.select_one("form[role=search] input[name=q]")
        assert box
        assert box["value"] == 'who "is" <asking>'
        assert results.select(f"label[for={box['id']}]")

    def test_the_guide_has_the_box_too(self, guide: GuideVersion, client: Client) -> None:
        form = main_of(content_of(client.get("/guide/"))).select_one("form[role=search]")

        assert form
        assert (form["action"], form["method"]) == ("/guide/search/", "get")

    @pytest.mark.parametrize("words", ["share", "evicton", "eviction zzzzqqqq", "zzzzqqqq", "", "the"])
    def test_takes_a_few_queries_however_much_is_found(
        self,
        words: str,
        guide: GuideVersion,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        page(client, "share")

        with django_assert_max_num_queries(7):
            page(client, words)

    def test_is_kept_by_no_cache(self, guide: GuideVersion, client: Client) -> None:
        response = client.get(f"/guide/search/?q={quote('domestic abuse')}")

        assert "no-store" in response.headers["Cache-Control"]


def test_before_anything_is_published_the_page_says_so(client: Client) -> None:
    assert client.get("/guide/search/", {"q": "share"}).status_code == 503
