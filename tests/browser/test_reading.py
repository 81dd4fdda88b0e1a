"""Reading a guide that has moved on: from an old address to the new text, what changed, and finding a passage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import without_javascript
from tests.browser.journeys import Person
from tests.guidance.factories import load_first_version
from tests.guidance.second_version import publish_second_version


@pytest.fixture(autouse=True)
def _two_versions(transactional_db: None) -> None:
    load_first_version()
    publish_second_version()


@pytest.fixture
def reader(page: Page, check_accessibility: Callable[[Page], None]) -> Person:
    return Person(page, check_accessibility)


def test_an_old_address_leads_to_the_same_passage_now_and_to_what_changed(reader: Person) -> None:
    reader.opens("/guide/2026-03-20/#what-we-all-need")
    reader.sees("This is the version of 20 March 2026. It is not the current one.")
    places = reader.page.locator(".sw-newer-place")
    places.get_by_role("link").filter(has_text="What we all need to know").click()
    reader.looks_at_the_page()
    expect(reader.page).to_have_url("/guide/#what-we-all-need")
    expect(reader.page.get_by_role("heading", name="What we all need to know")).to_be_in_viewport()
    reader.sees("Version of 1 September 2026")

    reader.page.go_back()
    places.get_by_role("link").filter(has_text="instead of “To find out more about Changing Futures”").click()
    expect(reader.page).to_have_url("/guide/#remember")

    reader.page.go_back()
    reader.follows("See what has changed since")
    reader.is_at("What changed in the guide")
    reader.sees("Clearer on whom to contact.")
    line = reader.page.locator(".sw-line").filter(has_text="They may not know")
    assert line.locator("del").all_text_contents() == ["[deleted: who]"]
    assert line.locator("ins").all_text_contents() == ["[inserted: whom]", "[inserted: , or when]"]
    reader.sees("Moved from after “About this guide” to after “Why?”.")


def test_what_changed_can_be_seen_between_any_two_versions(reader: Person) -> None:
    reader.opens("/guide/")
    reader.follows("Look for newer versions")
    reader.is_at("Versions of the guide")
    reader.follows("See what changed")
    reader.is_at("What changed in the guide")
    reader.page.goto("/guide/2026-03-20/changes/")
    reader.sees("is the first version")
    reader.page.get_by_label("Compare the version of 20 March 2026 with another").select_option(
        "1 September 2026"
    )
    reader.presses("Compare")
    reader.sees("This looks back in time:")
    reader.follows("Look forward instead")
    expect(reader.page).to_have_url("/guide/2026-09-01/changes/?since=2026-03-20")


@without_javascript
def test_a_passage_is_found_by_its_words(reader: Person) -> None:
    reader.opens("/guide/")
    reader.page.get_by_label("Search the guide").fill("evicton")
    reader.presses("Search")
    reader.is_at("Search the guide")
    reader.sees("Nothing found for “evicton”.")
    expect(reader.page.locator("mark", has_text="eviction").first).to_be_visible()
    reader.follows("The eviction that was not shared")
    expect(reader.page).to_have_url("/guide/2026-09-01/#eviction-not-shared")
    expect(reader.page.get_by_text("An individual was evicted")).to_be_in_viewport()

    reader.opens("/guide/search/")
    reader.page.get_by_label("Search the guide").fill("zzzz")
    reader.page.get_by_label("Search the guide").press("Enter")
    reader.sees("Nothing found for “zzzz”")
    reader.looks_at_the_page()
    reader.follows("contents of the guide")
    expect(reader.page).to_have_url("/guide/#contents")


@without_javascript
def test_an_address_that_leads_nowhere_shows_the_versions_there_are(reader: Person) -> None:
    reader.opens("/guide/2026-02-30/")
    reader.is_at("This page of the guide cannot be found")
    reader.follows("Version of 20 March 2026")
    reader.is_at("Sharing well")


def test_it_fits_a_small_screen(reader: Person) -> None:
    for address in [
        "/guide/",
        "/guide/2026-03-20/",
        "/guide/2026-03-20/questions/",
        "/guide/versions/",
        "/guide/2026-09-01/changes/",
        "/guide/2026-03-20/changes/?since=2026-09-01",
        "/guide/search/?q=share",
        f"/guide/search/?q={'x' * 200}",
        "/guide/2026-02-30/",
    ]:
        reader.opens(address)
        reader.sees_that_it_fits_small_screens()


def test_the_search_box_and_the_changes_work_with_the_keyboard_alone(reader: Person) -> None:
    reader.opens("/guide/search/")
    box = reader.page.get_by_label("Search the guide")
    for _ in range(20):
        reader.page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    reader.page.keyboard.type("neighbour")
    reader.page.keyboard.press("Tab")
    expect(reader.page.get_by_role("button", name="Search", exact=True)).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("mark").first).to_be_visible()
