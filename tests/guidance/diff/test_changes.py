"""Older versions, differences between versions, and unknown addresses."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from bs4 import Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from guidance.models import GuideVersion
from tests.databases import module_rows
from tests.guidance.factories import GuideVersionFactory, SectionFactory, load_first_version
from tests.guidance.pages import main_of, soup_of, words_of
from tests.guidance.second_version import publish_second_version, publish_third_version
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = "/guide/2026-03-20/", "/guide/2026-09-01/", "/guide/2027-01-15/"


def publish_three() -> list[GuideVersion]:
    return [load_first_version(), publish_second_version(), publish_third_version()]


@pytest.fixture(scope="class")
def three_throughout(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Three versions, created once for the class."""
    with module_rows(django_db_blocker, publish_three):
        yield


@pytest.fixture
def three(db: None) -> list[GuideVersion]:
    return publish_three()


def main(client: Client, address: str, status: int = 200) -> Tag:
    return main_of(content_of(client.get(address), status))


def changed(page: Tag) -> dict[str, list[str]]:
    """Text of each entry by group."""
    return {
        str(group.h2["id"]).removeprefix("changes-to-"): [
            words_of(piece) for piece in group.find_all(class_="sw-difference", recursive=False)
        ]
        for group in page.select(".sw-differences__group")
        if group.h2
    }


@pytest.mark.usefixtures("three_throughout")
class TestAnOlderVersion:
    def test_leads_from_each_section_to_the_same_one_now(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        page = main(client, FIRST)
        links = {
            str(place.find_previous(["h2", "h3"])["id"]): str(place.a["href"])
            for place in page.select(".sw-newer-place")
        }

        assert links["what-is-needed"] == "/guide/#what-is-needed"
        assert links["an-enabler-not-a-barrier"] == "/guide/#an-enabler-not-a-barrier"
        assert len(links) == len(page.select("article :is(h2, h3)"))

    def test_leads_from_a_section_that_is_gone_to_the_nearest_before_it(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        first, *_, gone, _last = main(client, FIRST).select(".sw-newer-place")

        assert words_of(gone).startswith("Not in the current version. Read on there at “Remember”")
        assert gone.select("a[href='/guide/#remember']")
        assert words_of(first).startswith("Not in the current version. Read on there from the beginning")
        assert first.select("a[href='/guide/']")

    def test_every_one_of_these_links_leads_to_a_heading(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        current = soup_of(content_of(client.get("/guide/")))
        anchors = [
            str(link["href"]).partition("#")[2] for link in main(client, SECOND).select(".sw-newer-place a")
        ]

        assert anchors
        assert all(current.find(id=anchor) for anchor in anchors)

    def test_says_so_at_the_top_and_leads_to_what_has_changed_since(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        banner = main(client, SECOND).select_one(".sw-superseded")

        assert banner
        assert "This is the version of 1 September 2026. It is not the current one." in words_of(banner)
        assert [str(link["href"]) for link in banner.select("a")] == [
            "/guide/",
            "/guide/2027-01-15/changes/?since=2026-09-01",
        ]

    @pytest.mark.parametrize("page", ["principles", "examples", "questions"])
    def test_says_so_on_its_other_pages_too(
        self, page: str, three: list[GuideVersion], client: Client
    ) -> None:
        banner = main(client, f"{FIRST}{page}/").select_one(".sw-superseded")

        assert banner
        assert banner.select(f"a[href='/guide/{page}/']")

    def test_the_current_one_says_nothing_of_the_kind(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        for address in ["/guide/", THIRD]:
            assert not main(client, address).select(".sw-newer-place, .sw-superseded")


@pytest.mark.usefixtures("three_throughout")
class TestChanges:
    def test_are_exactly_what_was_edited(self, three: list[GuideVersion], client: Client) -> None:
        shown = changed(main(client, f"{SECOND}changes/"))

        assert list(shown) == ["sections", "examples", "principles", "questions"]
        sections = shown["sections"]
        assert [text.split(":")[0] for text in sections] == ["Removed", *["Changed"] * 4, "Removed"]
        assert sections[0].startswith("Removed: What is Changing Futures?")
        assert "produced on [deleted: 20 March] [inserted: 1 September] 2026" in sections[1]
        assert sections[2] == ("Changed: What we all need [inserted: to know]")
        assert sections[3] == (
            "Changed: An enabler not a barrier Moved from after “About this guide” to after “Why?”."
        )
        assert (
            "They may not know [deleted: who] [inserted: whom] to contact[inserted: , or when]" in sections[4]
        )
        assert sections[5].startswith("Removed: To find out more about Changing Futures")
        assert shown["examples"] == [
            "Changed: A neighbour [deleted: raises a concern] [inserted: is concerned]"
        ]
        assert len(shown["principles"]) == 1
        assert "If the purpose changes [inserted: even a little]" in shown["principles"][0]
        assert shown["questions"] == [
            "Changed: How [deleted: urgent is the] [inserted: soon does it] matter?"
        ]

    def test_come_with_the_change_note(self, three: list[GuideVersion], client: Client) -> None:
        note = main(client, f"{SECOND}changes/").select_one(".sw-change-note")

        assert note
        assert words_of(note) == "Clearer on whom to contact. See what we all need and all versions."
        assert note.select("a[href='/guide/2026-09-01/#what-we-all-need']")

    def test_between_any_two_versions(self, three: list[GuideVersion], client: Client) -> None:
        page = main(client, f"{THIRD}changes/?since=2026-03-20")

        assert (
            "From the version of 20 March 2026 to the version of 15 January 2027, the current one."
            in words_of(page)
        )
        assert "[inserted: whom] to contact[inserted: , or where]" in changed(page)["sections"][4]
        assert not page.select(".sw-change-note")

    def test_looked_at_backwards_say_so(self, three: list[GuideVersion], client: Client) -> None:
        page = main(client, f"{FIRST}changes/?since=2026-09-01")

        assert "This looks back in time" in words_of(page)
        assert page.select("a[href='/guide/2026-09-01/changes/?since=2026-03-20']")
        assert "[deleted: whom] [inserted: who]" in changed(page)["sections"][4]
        assert "This looks back" not in words_of(main(client, f"{SECOND}changes/?since=2026-03-20"))

    def test_of_a_version_against_itself_are_none(self, three: list[GuideVersion], client: Client) -> None:
        assert "Nothing: they read the same" in words_of(main(client, f"{SECOND}changes/?since=2026-09-01"))

    def test_of_the_first_version_are_none_and_it_says_why(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        assert "is the first version: there is none before it" in words_of(main(client, f"{FIRST}changes/"))

    def test_without_a_date_to_compare_with_are_those_against_the_version_before(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        assert "From the version of 1 September 2026" in words_of(main(client, f"{THIRD}changes/?since="))

    def test_offer_the_other_versions_to_compare_with(
        self, three: list[GuideVersion], client: Client
    ) -> None:
        page = main(client, f"{SECOND}changes/")

        assert [option["value"] for option in page.select("select[name=since] option")] == [
            "2027-01-15",
            "2026-03-20",
        ]
        assert page.select("option[value='2026-03-20'][selected]")

    def test_take_one_query_when_they_were_looked_at_before(
        self, three: list[GuideVersion], client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.get(f"{SECOND}changes/")

        with django_assert_num_queries(1):
            client.get(f"{SECOND}changes/")

    def test_show_script_as_words(self, client: Client) -> None:
        script = "<script>alert(1)</script>"
        older = GuideVersionFactory.create(date="2026-01-01", title=script)
        SectionFactory.create(version=older, slug="a", title=script, body=script)
        newer = GuideVersionFactory.create(date="2026-02-01", title="Clean", change_note=script)
        SectionFactory.create(version=newer, slug="a", title=f"{script}!", body=f"{script} {script}")

        soup = soup_of(content_of(client.get("/guide/2026-02-01/changes/")))

        assert not [each for each in soup.select("script") if not each.get("src")]
        assert soup.get_text().count("alert") >= 5


@pytest.mark.usefixtures("three_throughout")
class TestAnAddressThatLeadsNowhere:
    @pytest.mark.parametrize(
        "address",
        [
            "/guide/2026-03-21/",
            "/guide/2026-02-30/",
            "/guide/2026-13-40/",
            "/guide/0000-00-00/",
            "/guide/yesterday/",
            "/guide/2026-03-20/no-such-passage/",
            "/guide/2026-03-20/no/such/passage/",
            "/guide/2026-03-21/what-is-needed/",
            "/guide/2026-03-21/principles/",
            "/guide/2026-03-21/changes/",
            "/guide/2026-09-01/changes/?since=2026-03-21",
            "/guide/2026-09-01/changes/?since=2026-02-30",
            "/guide/2026-09-01/changes/?since=yesterday",
            "/guide/2026-09-01/changes/?since=%00",
            f"/guide/2026-09-01/changes/?since={quote('<script>')}",
            "/guide/%F0%9F%99%82/",
        ],
    )
    def test_is_answered_with_the_list_of_versions(
        self, address: str, three: list[GuideVersion], client: Client
    ) -> None:
        page = main(client, address, status=404)

        assert "This page of the guide cannot be found" in words_of(page)
        assert [str(link["href"]) for link in page.select(".sw-version-list a")] == [THIRD, SECOND, FIRST]

    def test_of_a_draft_does_not_give_it_away(self, guide: GuideVersion, client: Client) -> None:
        GuideVersionFactory.create(date="2026-12-01", draft=True)

        page = main(client, "/guide/2026-12-01/", status=404)

        assert "2026-12-01" not in str(page)

    def test_without_its_last_slash_leads_on(self, guide: GuideVersion, client: Client) -> None:
        assert client.get("/guide/versions").headers["Location"] == "/guide/versions/"


class TestTheAddressOfAPassage:
    @pytest.mark.parametrize("anchor", ["what-is-needed", "eviction-not-shared"])
    def test_leads_to_it(self, anchor: str, guide: GuideVersion, client: Client) -> None:
        response = client.get(f"{FIRST}{anchor}/")

        assert response.status_code == 302
        assert response.headers["Location"] == f"{FIRST}#{anchor}"


def test_an_older_version_reads_as_it_did(guide: GuideVersion, client: Client) -> None:
    before = [str(each) for each in main(client, FIRST).select("article > :not(.sw-newer-place)")]
    publish_second_version()
    after = [str(each) for each in main(client, FIRST).select("article > :not(.sw-newer-place)")]

    assert before == after


def test_an_address_is_answered_when_nothing_is_published_too(client: Client) -> None:
    assert "No version of the guide has been published" in words_of(main(client, FIRST, status=404))
