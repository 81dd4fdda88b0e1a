"""Feed of the versions, and JSON of the current version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import feedparser
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.content.reader import read_folder
from guidance.models import GuideVersion
from guidance.render.digests import canonical_text, digest_of
from tests.guidance.factories import FIRST_VERSION, GuideVersionFactory, first_guide
from tests.guidance.pages import soup_of
from tests.guidance.second_version import NOTE, publish_second_version, second_guide
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db


def feed(client: Client) -> Any:
    response = client.get("/guide/feed/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


class TestTheFeed:
    def test_has_one_entry_a_published_version_newest_first(
        self, guide: GuideVersion, client: Client
    ) -> None:
        publish_second_version()
        GuideVersionFactory.create(draft=True)

        assert [(entry.title, entry.link) for entry in feed(client).entries] == [
            ("Version of 1 September 2026 (major)", "http://testserver/guide/2026-09-01/"),
            ("Version of 20 March 2026 (major)", "http://testserver/guide/2026-03-20/"),
        ]

    def test_says_what_changed_with_links_that_lead_here(self, guide: GuideVersion, client: Client) -> None:
        publish_second_version()

        note = soup_of(feed(client).entries[0].summary)

        assert "Clearer on whom to contact." in " ".join(note.get_text().split())
        assert note.select("strong")
        assert [str(link["href"]) for link in note.select("a")] == [
            "http://testserver/guide/2026-09-01/#what-we-all-need",
            "http://testserver/guide/versions/",
        ]

    def test_dates_an_entry_when_it_was_published(self, guide: GuideVersion, client: Client) -> None:
        (entry,) = feed(client).entries
        assert guide.published_at

        assert entry.published_parsed == entry.updated_parsed
        assert entry.updated_parsed == guide.published_at.utctimetuple()
        assert feed(client).feed.updated_parsed == guide.published_at.utctimetuple()

    def test_names_an_entry_alike_for_ever_whatever_the_website_is_called(
        self, guide: GuideVersion, client: Client, settings: Any
    ) -> None:
        settings.ALLOWED_HOSTS = ["testserver", "sharing-well.example"]
        (before,) = feed(client).entries
        publish_second_version()
        response = client.get("/guide/feed/", headers={"host": "sharing-well.example"})
        new, after = feedparser.parse(response.content).entries

        assert before.id == after.id
        assert before.id.startswith("urn:uuid:")
        assert new.id != after.id
        assert after.link == "http://sharing-well.example/guide/2026-03-20/"

    def test_is_valid_when_nothing_is_published(self, client: Client) -> None:
        assert feed(client).entries == []

    def test_shows_script_as_words(self, client: Client) -> None:
        GuideVersionFactory.create(change_note="<script>alert(1)</script> ]]> & [x](javascript:alert(1))")

        (entry,) = feed(client).entries
        note = soup_of(entry.summary)

        assert not note.select("script, a")
        assert "<script>alert(1)</script> ]]> &" in note.get_text()

    @pytest.mark.parametrize("address", ["/guide/", "/guide/versions/", "/guide/2026-03-20/changes/"])
    def test_is_announced_by_the_pages(self, address: str, guide: GuideVersion, client: Client) -> None:
        (link,) = soup_of(content_of(client.get(address))).select("head link[rel=alternate]")

        assert (link["type"], link["href"]) == ("application/atom+xml", "/guide/feed/")

    def test_takes_one_query(
        self, guide: GuideVersion, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            feed(client)


class TestCurrentVersionInBrief:
    def test_says_which_it_is_and_what_changed(self, guide: GuideVersion, client: Client) -> None:
        second = publish_second_version()
        assert second.published_at

        response = client.get("/guide/current.json")
        said = response.json()

        assert response.headers["Content-Type"] == "application/json"
        assert said.pop("digest").startswith("sha256:")
        assert said.pop("published_at")[:19] == second.published_at.isoformat()[:19]
        assert said == {
            "date": "2026-09-01",
            "title": "Sharing well",
            "address": "http://testserver/guide/2026-09-01/",
            "significance": "major",
            "change_note": NOTE,
        }

    def test_may_be_read_by_the_scripts_of_other_websites(self, guide: GuideVersion, client: Client) -> None:
        response = client.get("/guide/current.json", headers={"origin": "https://elsewhere.example"})

        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers

    def test_has_the_digest_of_the_folder_it_was_loaded_from(
        self, guide: GuideVersion, client: Client
    ) -> None:
        assert (
            client.get("/guide/current.json").json()["digest"]
            == f"sha256:{digest_of(read_folder(FIRST_VERSION))}"
        )

    def test_says_when_there_is_none(self, client: Client) -> None:
        response = client.get("/guide/current.json")

        assert response.status_code == 503
        assert response.json() == {"error": "No version of the guide has been published on this website."}
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_takes_one_query_once_it_was_read(
        self, guide: GuideVersion, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.get("/guide/current.json")

        with django_assert_num_queries(1):
            client.get("/guide/current.json")


class TestTheDigest:
    def test_is_of_the_documented_form(self) -> None:
        guide = read_folder(FIRST_VERSION)
        values = json.loads(canonical_text(guide))
        written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

        assert list(values) == [
            "considerations",
            "examples",
            "messages",
            "principles",
            "principles_url",
            "questions",
            "resources",
            "sections",
            "subtitle",
            "title",
        ]
        assert hashlib.sha256(written.encode()).hexdigest() == digest_of(guide)

    def test_changes_with_the_text_and_not_with_what_is_said_about_it(self) -> None:
        first, second = first_guide(), second_guide()
        said_otherwise = first.model_copy(update={"change_note": "Other words.", "date": second.date})

        assert digest_of(first) == digest_of(said_otherwise)
        assert digest_of(first) != digest_of(second)
        for name in [
            "title",
            "sections",
            "examples",
            "principles",
            "questions",
            "considerations",
            "resources",
        ]:
            emptied = first.model_copy(update={name: "" if name == "title" else ()})
            assert digest_of(emptied) != digest_of(first), name
