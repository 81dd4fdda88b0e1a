"""Caching of the guide by browsers, shared caches and worker processes."""

from __future__ import annotations

import gzip
import importlib.util
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance import reading
from guidance.models import GuideVersion
from tests.guidance.pages import main_of, words_of
from tests.guidance.second_version import publish_second_version, publish_third_version
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guide_throughout")]

PAGES = [
    "/guide/",
    "/guide/versions/",
    "/guide/principles/",
    "/guide/examples/",
    "/guide/questions/",
    "/guide/2026-03-20/",
    "/guide/2026-03-20/principles/",
    "/guide/2026-03-20/changes/",
]
FOR_EVERYONE = ["/guide/feed/", "/guide/current.json"]


def again(client: Client, address: str, response: HttpResponse, **headers: str) -> HttpResponse:
    """Requests the page with the validators of this response."""
    asked: HttpResponse = client.get(address, headers={"if-none-match": response.headers["ETag"], **headers})
    return asked


class TestWhoIsNotSignedIn:
    @pytest.mark.parametrize("address", PAGES + FOR_EVERYONE)
    def test_is_told_what_may_be_kept_and_asked_about_again(self, address: str, client: Client) -> None:
        response = client.get(address)

        kept = set(response.headers["Cache-Control"].split(", "))
        assert kept == {"public", "max-age=0", "must-revalidate"}
        assert response.headers["ETag"].startswith('"')
        assert parsedate_to_datetime(response.headers["Last-Modified"]) <= datetime.now(UTC)
        assert "Cookie" in response.headers["Vary"]

    @pytest.mark.parametrize("address", PAGES + FOR_EVERYONE)
    def test_is_sent_nothing_again_that_is_the_same(self, address: str, client: Client) -> None:
        first = client.get(address)
        by_tag = again(client, address, first)
        by_date = client.get(address, headers={"if-modified-since": first.headers["Last-Modified"]})

        for response in (by_tag, by_date):
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["ETag"] == first.headers["ETag"]
            assert response.headers["Cache-Control"] == first.headers["Cache-Control"]

    @pytest.mark.parametrize("address", [*PAGES, "/guide/feed/"])
    def test_is_sent_nothing_again_that_came_compressed(self, address: str, client: Client) -> None:
        first = client.get(address, headers={"accept-encoding": "gzip"})
        assert first.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(first.content) == client.get(address).content
        assert first.headers["ETag"].startswith("W/")

        assert again(client, address, first, **{"accept-encoding": "gzip"}).status_code == 304

    def test_is_sent_what_is_not_the_same(self, client: Client) -> None:
        response = client.get("/guide/", headers={"if-none-match": '"another"'})
        assert response.status_code == 200
        long_ago = format_datetime(datetime.now(UTC) - timedelta(days=9_000), usegmt=True)
        assert client.get("/guide/", headers={"if-modified-since": long_ago}).status_code == 200

    def test_may_ask_for_the_headers_alone(self, client: Client) -> None:
        response = client.head("/guide/")

        assert response.content == b""
        assert response.headers["ETag"] == client.get("/guide/").headers["ETag"]

    @pytest.mark.parametrize("address", PAGES)
    def test_waits_for_two_queries_at_most(
        self,
        address: str,
        client: Client,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        publish_second_version()
        response = client.get(address)

        with django_assert_max_num_queries(2):
            client.get(address)
        with django_assert_max_num_queries(2):
            assert again(client, address, response).status_code == 304

    def test_is_not_told_to_keep_an_error(self, client: Client) -> None:
        response = client.get("/guide/2026-03-21/")

        assert response.status_code == 404
        assert "ETag" not in response.headers
        assert "public" not in response.headers.get("Cache-Control", "")


class TestWhoIsSignedIn:
    @pytest.mark.parametrize("address", PAGES + FOR_EVERYONE)
    def test_has_pages_that_nothing_keeps(self, address: str, client: Client) -> None:
        client.force_login(PersonFactory())
        response = client.get(address)

        kept = response.headers["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept
        assert "public" not in kept
        assert "ETag" not in response.headers

    def test_is_not_shown_the_page_of_someone_who_is_not(self, client: Client) -> None:
        """And the reverse: a browser revalidates after sign-in and sign-out."""
        before = client.get("/guide/")
        client.force_login(PersonFactory())
        signed_in = client.get(
            "/guide/",
            headers={
                "if-none-match": before.headers["ETag"],
                "if-modified-since": before.headers["Last-Modified"],
            },
        )
        assert "Sign out" in content_of(signed_in)

        client.logout()
        assert again(client, "/guide/", before).status_code == 304

    def test_waits_for_the_guide_no_longer_than_others(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        """Session: two queries to read, one transaction (at most three statements) to prolong; one query for the inbox
        count.
        """
        publish_second_version()
        client.force_login(PersonFactory())
        client.get("/guide/2026-03-20/")

        with django_assert_max_num_queries(2 + 5 + 1):
            client.get("/guide/2026-03-20/")

    def test_message_to_one_person_is_kept_by_no_cache(self, client: Client) -> None:
        client.force_login(PersonFactory())
        client.post("/accounts/logout/")
        assert "messages" in client.cookies
        response = client.get("/guide/")

        assert "You are signed out." in words_of(main_of(content_of(response)))
        assert "public" not in response.headers.get("Cache-Control", "")
        assert "ETag" not in response.headers


class TestANewVersion:
    @pytest.mark.parametrize("address", [*PAGES[:5], "/guide/2026-03-20/", *FOR_EVERYONE])
    def test_shows_at_the_next_request_even_to_who_kept_the_page(self, address: str, client: Client) -> None:
        before = client.get(address)
        publish_second_version()
        after = again(client, address, before)

        assert after.status_code == 200
        assert after.content != before.content
        assert after.headers["ETag"] != before.headers["ETag"]
        assert again(client, address, after).status_code == 304

    def test_shows_on_every_worker(self) -> None:
        """Workers cache rendered versions, and never which version is current."""
        workers = [another_worker(), another_worker()]

        def sees() -> list[str]:
            currents = [worker.current_version() for worker in workers]
            return [
                worker.rendered(current).sections[0].title
                for worker, current in zip(workers, currents, strict=True)
            ]

        assert sees() == ["What is Changing Futures?"] * 2
        publish_second_version()
        assert sees() == ["About this guide"] * 2

    def test_makes_the_one_before_say_so(self, client: Client) -> None:
        publish_second_version()
        before = client.get("/guide/2026-09-01/")
        publish_third_version()

        after = again(client, "/guide/2026-09-01/", before)

        assert "It is not the current one" in words_of(main_of(content_of(after)))


def another_worker() -> ModuleType:
    """The module as in another process, with empty caches."""
    assert reading.__spec__
    assert reading.__spec__.loader
    module = importlib.util.module_from_spec(reading.__spec__)
    reading.__spec__.loader.exec_module(module)
    return module


def test_what_was_published_is_rendered_once_however_often_it_is_asked_for(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    version = GuideVersion.objects.current()
    first = reading.rendered(version)

    with django_assert_num_queries(0):
        assert reading.rendered(GuideVersion(pk=version.pk, published_at=version.published_at)) is first
