"""What a reader takes away: a link to a passage (mouse, keyboard, touch, no scripts), and the guide on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.browser import without_javascript
from tests.browser.journeys import Person, pasted
from tests.guidance.factories import GuideVersionFactory, load_first_version

HEADING = "What we all need"
PASSAGE = "/guide/2026-03-20/#what-we-all-need"


@pytest.fixture(autouse=True)
def _guide(transactional_db: None) -> None:
    load_first_version()


@pytest.fixture
def reader(page: Page, check_accessibility: Callable[[Page], None]) -> Person:
    return Person(page, check_accessibility)


def link(page: Page, heading: str = HEADING, does: str = "Copy a link") -> Locator:
    """By its name, in which the browser sets a space where words that are not seen begin."""
    return page.get_by_role("link", name=re.compile(rf"^{does} to this passage ?: {re.escape(heading)}$"))


def allow_clipboard(context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-write"])


def test_a_press_copies_the_address_of_the_passage_in_this_version_and_says_so(
    reader: Person, context: BrowserContext, base_url: str
) -> None:
    allow_clipboard(context)
    reader.opens("/guide/")
    said = reader.page.locator(".sw-heading-line", has=link(reader.page)).get_by_role("status")
    expect(said).to_have_text("")

    link(reader.page).focus()
    reader.page.keyboard.press("Enter")

    expect(said).to_have_text("Copied")
    assert pasted(reader.page) == base_url + PASSAGE
    expect(link(reader.page)).to_be_focused()
    assert reader.page.url == f"{base_url}/guide/#what-we-all-need"
    reader.looks_at_the_page()


def test_what_was_copied_from_an_older_version_leads_there(
    reader: Person, context: BrowserContext, base_url: str
) -> None:
    allow_clipboard(context)
    GuideVersionFactory.create()
    reader.opens("/guide/2026-03-20/")

    link(reader.page).click()

    expect(reader.page.get_by_role("status").get_by_text("Copied")).to_be_visible()
    assert pasted(reader.page) == base_url + PASSAGE


def test_where_the_clipboard_is_closed_it_is_the_link_it_was(reader: Person, base_url: str) -> None:
    reader.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))")
    reader.opens("/guide/")

    link(reader.page).click()

    expect(reader.page).to_have_url(f"{base_url}/guide/#what-we-all-need")
    expect(reader.page.get_by_text("Copied")).to_have_count(0)


@without_javascript
def test_without_scripts_it_is_a_plain_link(reader: Person, base_url: str) -> None:
    reader.opens("/guide/")

    link(reader.page, does="Link").click()

    expect(reader.page).to_have_url(f"{base_url}/guide/#what-we-all-need")


def test_each_heading_has_one_and_its_name_is_the_headings(reader: Person) -> None:
    reader.opens("/guide/")

    titles = reader.page.locator("article :is(h2, h3)").all_inner_texts()

    assert len(titles) == 14
    for title in titles:
        expect(link(reader.page, title)).to_have_count(1)
        expect(reader.page.get_by_role("heading", name=title, exact=True)).to_have_count(1)


def test_it_is_seen_when_the_heading_is_pointed_at_or_the_link_has_the_focus(reader: Person) -> None:
    reader.opens("/guide/")
    expect(link(reader.page)).to_have_css("opacity", "0")

    reader.page.get_by_role("heading", name="What we all need").hover()
    expect(link(reader.page)).to_have_css("opacity", "1")
    reader.page.mouse.move(0, 0)
    expect(link(reader.page)).to_have_css("opacity", "0")
    link(reader.page).focus()
    expect(link(reader.page)).to_have_css("opacity", "1")


def test_on_a_touch_screen_it_is_always_seen_and_large_enough(
    browser: Browser, browser_context_args: dict[str, Any], check_accessibility: Callable[[Page], None]
) -> None:
    phone = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
    page = browser.new_context(**{**browser_context_args, **phone}).new_page()
    reader = Person(page, check_accessibility)
    reader.opens("/guide/")

    expect(link(page)).to_have_css("opacity", "1")
    box = link(page).bounding_box()
    assert box is not None
    assert box["width"] >= 44
    assert box["height"] >= 44
    reader.sees_no_sideways_scrolling()
    page.context.close()


def test_the_printed_guide_has_its_date_its_address_and_no_navigation(reader: Person, base_url: str) -> None:
    reader.opens("/guide/")

    printed = PdfReader(io.BytesIO(reader.page.pdf(prefer_css_page_size=True, format="A4")))
    words = " ".join(" ".join(page.extract_text() for page in printed.pages).split())

    assert "Version of 20 March 2026" in words
    assert re.sub(r"\s", "", f"On the web: {base_url}/guide/2026-03-20/") in re.sub(r"\s", "", words)
    for around in [
        "The guide ",
        "Sign in",
        "Menu",
        "Contents",
        "Link to this passage",
        "Copy a link",
        "Search",
        "Worked examples",
        "This version as a PDF",
        "Back to the text",
    ]:
        assert around not in words.replace("The guide will be updated", ""), around
    for said in [
        "What is Changing Futures?",
        "people defaulted to an approach",
        "Seek advice if needed",
        "https://www.scie.org.uk/safeguarding/adults/practice/sharing-information/",
    ]:
        assert re.sub(r"\s", "", said) in re.sub(r"\s", "", words), said
    assert words.count("https://www.ukcgc.uk") == 1
