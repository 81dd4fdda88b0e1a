"""A major version is announced once to each person with an earlier visit."""

from __future__ import annotations

import datetime

import pytest
from bs4 import Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from guidance.models import GuideVersion, Reader
from guidance.news import mark_news_seen, news_for
from sharingwell.accounts.models import User
from tests.guidance.factories import GuideVersionFactory
from tests.guidance.pages import main_of, words_of
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

MINE = "/decisions/"
PAGES = ["/", "/guide/", "/guide/2026-03-20/", "/guide/versions/", "/guide/examples/", MINE]


@pytest.fixture
def first() -> GuideVersion:
    return publish("2026-03-20")


@pytest.fixture
def person() -> User:
    return PersonFactory()


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def publish(date: str, significance: str = "major", note: str = "Better words.") -> GuideVersion:
    return GuideVersionFactory.create(
        date=datetime.date.fromisoformat(date), significance=significance, change_note=note
    )


def told(client: Client, page: str = MINE) -> Tag | None:
    return main_of(content_of(client.get(page))).select_one("[aria-labelledby='guide-news']")


def test_a_first_visit_is_told_nothing_and_remembered(
    first: GuideVersion, signed_in: Client, person: User
) -> None:
    assert told(signed_in) is None
    assert Reader.objects.get().user == person
    assert Reader.objects.get().last_seen_version == first


def test_a_major_version_is_told_once_with_its_changes(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    publish("2026-05-03", note="Who to ask *first*.")

    banner = told(signed_in)

    assert banner is not None
    assert "The guide changed on 3 May 2026. Who to ask first." in words_of(banner)
    assert banner.select_one("em") is not None
    assert banner.select_one("a[href='/guide/2026-05-03/changes/?since=2026-03-20']") is not None
    assert told(signed_in) is None
    assert told(signed_in) is None


def test_the_link_of_the_banner_leads_to_the_changes(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    publish("2026-05-03")
    banner = told(signed_in)
    assert banner is not None

    assert signed_in.get(str(banner.select("a")[-1]["href"])).status_code == 200


def test_a_minor_version_is_not_told(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    minor = publish("2026-05-03", "minor")

    assert told(signed_in) is None
    assert Reader.objects.get().last_seen_version == minor


def test_a_major_version_before_a_minor_one_is_told(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    publish("2026-05-03", note="The major one.")
    publish("2026-06-01", "minor", note="The minor one.")

    banner = told(signed_in)

    assert banner is not None
    assert "The major one." in words_of(banner)
    assert "The minor one." not in words_of(banner)
    assert banner.select_one("a[href='/guide/2026-06-01/changes/?since=2026-03-20']") is not None
    assert told(signed_in) is None


def test_two_major_versions_are_told_together(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    publish("2026-05-03", note="One.")
    publish("2026-06-01", note="Another.")

    banner = told(signed_in)

    assert banner is not None
    assert "The guide changed on 1 June 2026. Another. The guide changed on 3 May 2026. One." in words_of(
        banner
    )
    assert banner.select_one("a[href='/guide/2026-06-01/changes/?since=2026-03-20']") is not None
    assert told(signed_in) is None


def test_each_person_is_told(first: GuideVersion, client: Client) -> None:
    people = PersonFactory.create_batch(2)
    for person in people:
        client.force_login(person)
        client.get(MINE)
    publish("2026-05-03")

    for person in people:
        client.force_login(person)
        assert told(client) is not None
        assert told(client) is None


def test_a_draft_is_not_told(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    GuideVersionFactory.create(draft=True, date=datetime.date(2026, 5, 3))

    assert told(signed_in) is None


def test_before_any_guide_nothing_is_told_and_nothing_remembered(signed_in: Client) -> None:
    assert told(signed_in) is None
    assert not Reader.objects.exists()
    publish("2026-05-03")
    assert told(signed_in) is None
    assert Reader.objects.exists()


@pytest.mark.parametrize("not_a_reading", ["head", "prefetch", "failure"])
def test_what_was_not_shown_is_told_the_next_time(
    not_a_reading: str, first: GuideVersion, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in.get(MINE)
    publish("2026-05-03")

    if not_a_reading == "head":
        signed_in.head(MINE)
    elif not_a_reading == "prefetch":
        signed_in.get(MINE, headers={"Sec-Purpose": "prefetch"})
    else:
        with monkeypatch.context() as patch:
            patch.setattr("guidance.news.render", None)
            with pytest.raises(TypeError):
                signed_in.get(MINE)

    assert told(signed_in) is not None
    assert told(signed_in) is None


def test_a_version_published_while_the_page_is_drawn_is_told_the_next_time(
    first: GuideVersion, signed_in: Client, person: User
) -> None:
    signed_in.get(MINE)
    publish("2026-05-03")
    news = news_for(person)
    publish("2026-06-01", note="In between.")

    mark_news_seen(person, news)

    banner = told(signed_in)
    assert banner is not None
    assert "The guide changed on 1 June 2026. In between." in words_of(banner)
    assert "3 May" not in words_of(banner)


def test_what_was_told_stays_told_when_an_older_page_comes_in_late(
    first: GuideVersion, signed_in: Client, person: User
) -> None:
    signed_in.get(MINE)
    publish("2026-05-03")
    late = news_for(person)
    publish("2026-06-01")
    signed_in.get(MINE)

    mark_news_seen(person, late)

    assert told(signed_in) is None


def test_looking_takes_one_query_and_nothing_is_written_when_nothing_changed(
    first: GuideVersion, person: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    GuideVersionFactory.create_batch(5)
    with django_assert_num_queries(2):
        mark_news_seen(person, news_for(person))

    with django_assert_num_queries(1):
        mark_news_seen(person, news_for(person))


def test_script_in_a_change_note_is_shown_as_words(first: GuideVersion, signed_in: Client) -> None:
    signed_in.get(MINE)
    publish("2026-05-03", note="<script>alert(1)</script>")

    banner = told(signed_in)

    assert banner is not None
    assert banner.select_one("script") is None
    assert "<script>alert(1)</script>" in banner.get_text()


class TestThePageTheyComeToFirst:
    @pytest.mark.parametrize("page", PAGES)
    def test_tells_and_no_other(self, page: str, first: GuideVersion, client: Client, person: User) -> None:
        client.force_login(person)
        client.get(MINE)
        publish("2026-05-03", note="Who to ask *first*.")
        client.force_login(person)

        response = client.get(page)

        banner = main_of(content_of(response)).select_one("[aria-labelledby='guide-news']")
        assert banner is not None
        assert "Who to ask first." in words_of(banner)
        assert "no-store" in response.headers["Cache-Control"]
        assert [told(client, other) for other in PAGES] == [None] * len(PAGES)

    @pytest.mark.parametrize("page", PAGES[:-1])
    def test_tells_nobody_who_is_not_signed_in(self, page: str, first: GuideVersion, client: Client) -> None:
        client.get(page)
        publish("2026-05-03")

        response = client.get(page)

        assert main_of(content_of(response)).select_one("[aria-labelledby='guide-news']") is None
        assert "sessionid" not in response.cookies
        assert not Reader.objects.exists()

    @pytest.mark.parametrize("page", PAGES[:-1])
    def test_asks_the_database_once_a_session(
        self, page: str, first: GuideVersion, signed_in: Client
    ) -> None:
        signed_in.get(page)

        with CaptureQueriesContext(connection) as queries:
            signed_in.get(page)

        assert not [query for query in queries if "guidance_reader" in query["sql"]]

    def test_tells_in_a_session_that_is_older_than_the_version(
        self, first: GuideVersion, signed_in: Client
    ) -> None:
        signed_in.get("/guide/")
        publish("2026-05-03")

        assert told(signed_in, "/guide/") is not None
        assert told(signed_in, "/guide/") is None
