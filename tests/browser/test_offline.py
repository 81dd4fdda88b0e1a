"""Away from a signal: the guide that was visited opens, says what it is, and never stands in the way of a newer one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sharingwell.accounts.models import User
from tests.browser.journeys import Person
from tests.guidance.factories import GuideVersionFactory, SectionFactory, load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const response = await cache.match(request, { ignoreVary: true });
            kept.push([new URL(request.url).pathname, await response.text()]);
        }
    }
    return kept;
}"""
PAGES = {"/guide/offline/copy/", "/guide/offline/"}


@pytest.fixture(autouse=True)
def _guide(transactional_db: None) -> None:
    load_first_version()


@pytest.fixture
def practitioner() -> User:
    return PersonFactory(name="Robin Vale", roles=["practitioner"])


@pytest.fixture
def reader(page: Page, check_accessibility: Callable[[Page], None]) -> Person:
    return Person(page, check_accessibility)


def visits_the_guide(reader: Person) -> None:
    """And stays until the copy is kept."""
    reader.opens("/guide/")
    reader.page.evaluate("navigator.serviceWorker.ready")
    reader.page.wait_for_function("() => navigator.serviceWorker.controller")


def kept(page: Page) -> dict[str, str]:
    return dict(page.evaluate(KEPT))


def wait_until_kept(page: Page, words: str) -> None:
    page.wait_for_function(
        f"async words => (await ({KEPT})()).some(([, text]) => text.includes(words))", arg=words
    )


def publish_a_newer_version() -> None:
    newer = GuideVersionFactory.create(date=datetime.date(2026, 9, 1), published_at=None)
    SectionFactory.create(
        version=newer, slug="what-we-all-need", title="What we all need", body="Newer words."
    )
    newer.published_at = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    newer.save()


def test_without_a_network_the_visited_guide_opens_and_says_what_it_is(
    reader: Person, context: BrowserContext
) -> None:
    visits_the_guide(reader)
    context.set_offline(True)

    reader.page.goto("/guide/")

    reader.is_at("Sharing well")
    reader.sees("There is no network")
    reader.sees("This is the version of 20 March 2026, from a copy kept on this device.")
    reader.sees("If I say ‘no’ then I can’t be wrong")
    expect(reader.page.get_by_role("navigation", name="Menu")).to_have_count(0)
    header = reader.page.locator(".govuk-generic-header")
    expect(header).to_have_css("background-color", "rgb(91, 35, 80)")  # the styles are kept, too
    context.set_offline(False)
    reader.looks_at_the_page()


def test_a_link_to_a_passage_of_the_kept_version_opens_without_a_network(
    reader: Person, context: BrowserContext
) -> None:
    visits_the_guide(reader)
    context.set_offline(True)

    reader.page.goto("/guide/2026-03-20/#what-we-all-need")

    expect(reader.page.get_by_role("heading", name="What we all need")).to_be_in_viewport()
    reader.sees("from a copy kept on this device")


def test_any_other_page_says_there_is_no_network_and_leads_to_the_guide(
    reader: Person, context: BrowserContext
) -> None:
    visits_the_guide(reader)
    context.set_offline(True)

    for address in ["/decisions/", "/guide/versions/", "/guide/2020-01-01/", "/"]:
        reader.page.goto(address)
        reader.is_at("There is no network")
    reader.page.get_by_role("main").get_by_role("link", name="Read the guide").click()

    reader.is_at("Sharing well")
    reader.sees("from a copy kept on this device")


def test_with_a_network_a_newer_version_shows_at_once_and_is_what_is_kept_from_then_on(
    reader: Person, context: BrowserContext
) -> None:
    visits_the_guide(reader)
    context.set_offline(True)
    reader.page.goto("/guide/")
    reader.sees("This is the version of 20 March 2026")
    publish_a_newer_version()
    context.set_offline(False)

    reader.follows("Look again for the current version")

    reader.sees("Version of 1 September 2026")
    reader.sees("Newer words.")
    expect(reader.page.get_by_text("There is no network")).to_have_count(0)
    wait_until_kept(reader.page, "Newer words.")
    context.set_offline(True)
    reader.page.goto("/guide/")
    reader.sees("This is the version of 1 September 2026")
    reader.sees("Newer words.")
    reader.page.goto("/guide/2026-03-20/")
    reader.is_at("There is no network")


def test_what_the_server_says_is_shown_even_when_it_is_an_error(
    reader: Person, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits_the_guide(reader)
    monkeypatch.setattr("guidance.views.reading.current_version", lambda: None)

    reader.page.goto("/guide/")

    reader.is_at("The guide is not here yet")


def test_nothing_that_needs_sign_in_is_kept(
    reader: Person, context: BrowserContext, practitioner: User
) -> None:
    reader.opens("/decisions/")
    reader.signs_in(practitioner)
    visits_the_guide(reader)
    reader.opens("/decisions/")
    reader.opens("/guide/")
    reader.opens("/decisions/new/")
    wait_until_kept(reader.page, "If I say ‘no’")

    stored = kept(reader.page)

    assert {address for address in stored if not address.startswith("/static/")} == PAGES
    for text in stored.values():
        assert "Robin Vale" not in text
    for address in PAGES:
        for words in ["Sign out", "My decisions", "csrfmiddlewaretoken", practitioner.email]:
            assert words not in stored[address]

    reader.signs_out()
    context.set_offline(True)
    reader.page.goto("/guide/")
    reader.sees("from a copy kept on this device")
    reader.page.goto("/decisions/")
    reader.is_at("There is no network")


def test_whoever_has_not_visited_the_guide_keeps_nothing(reader: Person) -> None:
    reader.opens("/")
    reader.opens("/accounts/login/")

    reader.is_at("Sign in")
    assert reader.page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert kept(reader.page) == {}


def test_sending_a_form_is_left_to_the_browser(
    reader: Person, context: BrowserContext, practitioner: User
) -> None:
    visits_the_guide(reader)

    reader.opens("/decisions/")
    reader.signs_in(practitioner)

    reader.is_at("My decisions")
