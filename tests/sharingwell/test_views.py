import re

import pytest
from django.db import OperationalError, connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import heading_of, page, text_of

pytestmark = pytest.mark.django_db

# Every other page asks for sign-in. A page is opened to everyone by adding it here, knowingly.
OPEN_TO_EVERYONE = {
    "home",
    "health",
    "decisions:urgent",
    "guidance:current",
    "guidance:versions",
    "guidance:version",
    "guidance:principles",
    "guidance:version-principles",
    "guidance:examples",
    "guidance:version-examples",
    "guidance:version-pdf",
    "guidance:questions",
    "guidance:version-questions",
    "guidance:search",
    "guidance:feed",
    "guidance:current-json",
    "guidance:changes",
    "guidance:passage",
    "guidance:nothing-here",
    "guidance:no-network",
    "guidance:offline-copy",
    "guidance:service-worker",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "admin:login",
    "decisions:practice",
    "decisions:practice-begin",
    "decisions:practice-case",
    "decisions:practice-check",
    "decisions:practice-part",
    "decisions:practice-record",
    "dev_mail:list",  # on this machine only
    "dev_mail:message",
}
WITHOUT_A_SAMPLE = {  # the sample stands for no passage, and for no case
    "guidance:passage",
    "guidance:nothing-here",
    "dev_mail:message",
    *(name for name in OPEN_TO_EVERYONE if name.startswith("decisions:practice-")),
}
SAMPLES = {
    "day": "2026-03-20",
    "int": "1",
    "path": "some/path",
    "reference": "SW-2345-6789",
    "slug": "what",
    "str": "some-text",
}
SAMPLES_OF_EXPRESSIONS = {
    "account_reset_password_from_key": "password/reset/key/1-abc/",
    "nothing-here": "no/such/page/",
    "app_list": "accounts/",
    None: "no/such/page/",  # the admin's answer to whatever it does not know
}


def every_page(resolver, prefix="/", namespace=""):
    """Name and address of every URL pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from every_page(entry, prefix + sample(entry.pattern), inside)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", prefix + sample(entry.pattern)


def sample(pattern):
    if isinstance(pattern, RegexPattern):
        return SAMPLES_OF_EXPRESSIONS[pattern.name]
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], str(pattern))


PAGES = sorted(set(every_page(get_resolver())))
CLOSED = [(name, address) for name, address in PAGES if name not in OPEN_TO_EVERYONE]
OPEN = [(name, address) for name, address in PAGES if name in OPEN_TO_EVERYONE - {"admin:login"}]


class TestWhoMayRead:
    def test_every_page_is_looked_at(self):
        names = {name for name, _ in PAGES}
        assert names >= OPEN_TO_EVERYONE
        assert {
            "decisions:part",
            "decisions:check",
            "admin:decisions_round_change",
            "account_change_password",
        } <= names

    @pytest.mark.parametrize(("name", "address"), CLOSED)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_page_asks_for_sign_in(self, client, name, address, method):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert response.url.startswith(("/accounts/login/?next=", "/admin/login/?next="))

    @pytest.mark.parametrize(("name", "address"), OPEN)
    def test_page_is_open_to_everyone(self, client, name, address):
        load_first_version()
        response = client.get(address)
        if name in WITHOUT_A_SAMPLE:
            assert response.status_code == 404
        else:
            assert response.status_code == 200 or (name, response.url) == ("account_logout", "/")


class TestCaches:
    @pytest.mark.parametrize(
        "address", ["/", "/guide/", "/decisions/", "/accounts/password/change/", "/no/such/page/"]
    )
    def test_nothing_shown_to_a_signed_in_person_is_kept(self, client, address):
        load_first_version()
        client.force_login(PersonFactory())
        kept = client.get(address)["Cache-Control"]
        assert {"private", "no-store"} <= set(kept.split(", "))

    @pytest.mark.parametrize("address", ["/", "/guide/", "/guide/principles/"])
    def test_pages_for_everyone_may_be_kept(self, client, address):
        load_first_version()
        response = client.get(address)
        assert "no-store" not in response.get("Cache-Control", "")
        assert "Cookie" in response["Vary"]  # a signed-in person's copy is another
        assert not response.cookies


class TestHome:
    def test_says_what_it_is_for_and_leads_on(self, client):
        load_first_version()
        home = client.get("/")
        assert heading_of(home) == "Should I share this?"
        assert page(home).select_one("main a[role=button]")["href"] == "/decisions/new/"
        assert page(home).select_one("main a[href='/guide/']")
        assert "Remember" in text_of(home)

    def test_stands_before_there_is_a_guide(self, client):
        assert client.get("/").status_code == 200

    def test_needs_few_queries(self, client, django_assert_max_num_queries):
        load_first_version()
        client.get("/")
        with django_assert_max_num_queries(3):
            client.get("/")


class TestHealth:
    def test_asks_the_database_and_nothing_else(self, client, django_assert_num_queries):
        with django_assert_num_queries(1) as asked:
            response = client.get("/health/")
        assert (response.status_code, response.content) == (200, b"ok")
        assert asked.captured_queries[0]["sql"].endswith("SELECT 1")
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies

    def test_says_when_the_database_cannot_be_reached(self, client, monkeypatch):
        def unreachable():
            raise OperationalError("connection refused")

        monkeypatch.setattr(connection, "cursor", unreachable)
        response = client.get("/health/")
        assert (response.status_code, response.content) == (503, b"no database")
