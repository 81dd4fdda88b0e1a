"""Writing a draft: it saves itself, two tabs come together, and no ended session or lost network loses words."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings

from decisions.models import Round
from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person, pasted
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round

pytestmark = pytest.mark.usefixtures("guide")

QUESTION = "What is being asked, in your own words?"
CONTEXT = "What is the context?"


@pytest.fixture
def draft(guide: object, practitioner: User) -> Round:
    return DraftFactory(decision=DecisionFactory(author=practitioner))


@pytest.fixture
def writer(someone: Person, practitioner: User, draft: Round) -> Person:
    """Somebody with the first part of their draft open."""
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}what/")
    someone.unfolds("More to think about")
    return someone


def is_told(person: Person, words: str) -> None:
    """Beside the button, in a place that is read out when it changes."""
    expect(person.page.locator("form [role=status]")).to_contain_text(words)


def answers() -> dict[str, object]:
    return dict(Round.objects.get().answers)


def expire_session(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


def test_it_saves_itself_and_two_tabs_in_conflict_are_settled_by_the_writer(
    writer: Person, context: BrowserContext
) -> None:
    other = Person(context.new_page(), writer.check_accessibility)
    other.opens(writer.page.url)
    other.unfolds("More to think about")

    field = writer.page.get_by_label(QUESTION, exact=True)
    field.press_sequentially("Is the room held?")
    is_told(writer, "Saved ")
    expect(field).to_be_focused()
    assert answers() == {"what.request": "Is the room held?"}

    other.writes(CONTEXT, "A ward rang.")
    other.page.keyboard.press("Tab")
    is_told(other, "Saved ")
    other.writes(QUESTION, "Until when is the room held?")
    other.page.keyboard.press("Tab")
    is_told(other, "but not what was also changed elsewhere. Press Save to see both.")
    assert answers() == {"what.request": "Is the room held?", "what.context": "A ward rang."}

    other.presses("Save and continue")
    other.sees("Saved elsewhere at")
    for words in ["Is the room held?", "Until when is the room held?"]:
        expect(other.page.locator("blockquote", has_text=words).first).to_be_visible()
    other.page.set_viewport_size({"width": 320, "height": 640})
    other.sees_no_sideways_scrolling()
    other.page.get_by_label("Mine", exact=True).focus()
    other.page.keyboard.press("Space")
    other.presses("Save and continue")
    other.is_at("Who?")
    assert answers()["what.request"] == "Until when is the room held?"


def test_without_a_network_the_words_stay_and_are_saved_when_it_is_back(
    writer: Person, context: BrowserContext
) -> None:
    context.set_offline(True)
    writer.writes(QUESTION, "Is the room held?")
    writer.page.keyboard.press("Tab")
    is_told(writer, "Not saved: no network. Your words are still on this page.")
    writer.page.get_by_role("button", name="Save and continue").click()
    expect(writer.page.get_by_label(QUESTION, exact=True)).to_have_value("Is the room held?")

    context.set_offline(False)

    writer.is_at("Who?")
    assert answers() == {"what.request": "Is the room held?"}


def test_leaving_the_page_saves_what_was_written(writer: Person) -> None:
    writer.writes(QUESTION, "Is the room held?")
    writer.follows("All five parts")
    writer.follows("What?")
    expect(writer.page.get_by_label(QUESTION, exact=True)).to_have_value("Is the room held?")


def sign_in_beside(person: Person, practitioner: User, link: str = "Sign in (opens in a new tab)") -> Page:
    with person.page.expect_popup() as opened:
        person.page.get_by_role("main").get_by_role("link", name=link).click()
    beside = Person(opened.value, person.check_accessibility)
    beside.signs_in(practitioner)
    beside.is_at("You are signed in")
    return opened.value


def test_a_session_that_ends_while_writing_is_said_and_signing_in_beside_saves(
    writer: Person, context: BrowserContext, practitioner: User
) -> None:
    expire_session(context)
    writer.writes(QUESTION, "Is the room held?")
    writer.page.keyboard.press("Tab")
    is_told(writer, "Not saved: you are signed out. Your words are still on this page.")
    writer.looks_at_the_page()

    sign_in_beside(writer, practitioner).close()

    is_told(writer, "Saved ")
    assert answers() == {"what.request": "Is the room held?"}
    writer.presses("Save and continue")
    writer.is_at("Who?")


@with_and_without_javascript
def test_a_session_that_ended_before_the_button_was_pressed(
    writer: Person, context: BrowserContext, practitioner: User, javascript: bool
) -> None:
    expire_session(context)
    writer.writes(QUESTION, "Is the room held?")
    writer.presses("Save and continue")
    writer.is_at("You are not signed in, so this was not saved")
    writer.sees("Is the room held?")
    assert not answers()

    sign_in_beside(writer, practitioner).close()
    writer.presses("Go on with these words")

    if not javascript:  # the page could not take the new token along
        writer.is_at("What?")
        writer.sees("Your words are back, and not saved yet.")
        expect(writer.page.get_by_label(QUESTION, exact=True)).to_have_value("Is the room held?")
        writer.presses("Save and continue")
    writer.is_at("Who?")
    assert answers() == {"what.request": "Is the room held?"}


def test_a_form_takes_the_new_token_from_the_cookie_that_is_bound_to_the_host(
    settings: Settings, writer: Person, context: BrowserContext, practitioner: User
) -> None:
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    settings.CSRF_COOKIE_SECURE = True
    context.clear_cookies(name="csrftoken")
    writer.opens(writer.page.url)
    assert "__Host-csrftoken" in {cookie["name"] for cookie in context.cookies()}
    expire_session(context)
    writer.writes(QUESTION, "Is the room held?")
    writer.presses("Save and continue")
    sign_in_beside(writer, practitioner).close()
    writer.presses("Go on with these words")
    writer.is_at("Who?")


def test_the_record_is_copied_as_text(someone: Person, context: BrowserContext, practitioner: User) -> None:
    context.grant_permissions(["clipboard-write"])
    recorded = recorded_round(author=practitioner)
    someone.is_signed_in(practitioner)
    someone.opens(recorded.get_absolute_url())
    someone.presses("Copy as text")
    expect(someone.page.get_by_role("main").get_by_role("status").get_by_text("Copied")).to_be_visible()
    copied = pasted(someone.page)
    assert copied.replace("\r\n", "\n").startswith("SHARING WELL: A RECORDED DECISION")
    assert recorded.decision.reference in copied
