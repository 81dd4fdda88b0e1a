"""The product's main job, from the guide to the log: with scripts and without, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from decisions.models import Round
from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


@with_and_without_javascript
def test_from_the_guide_through_a_decision_to_the_log(
    someone: Person, practitioner: User, javascript: bool
) -> None:
    someone.opens("/")
    someone.follows("read the guide")
    someone.is_at("Sharing well")
    someone.sees("Version of 20 March 2026")
    someone.sees("If I say ‘no’ then I can’t be wrong")

    someone.opens("/")
    someone.presses("Start a decision")
    someone.is_at("Sign in")
    someone.signs_in(practitioner)
    someone.is_at("Start a decision")
    someone.chooses("What has happened?", "We were asked for information")
    someone.writes("Short summary", "Hospital ward asks about a placement")
    someone.writes("Case reference, if you have one", "HO-1042")
    someone.presses("Start")
    someone.is_at("Hospital ward asks about a placement")

    someone.unfolds("What the guide says")
    someone.sees("An individual was evicted from temporary accommodation.")
    someone.writes("What is being asked, in your own words?", "Whether the room is still held.")
    someone.chooses(
        "What kinds of information would be shared or used?", "Where they are, or where they live"
    )
    someone.chooses("How urgent is the matter?", "It matters within days")
    someone.presses("Save and continue")

    someone.is_at("Who?")
    someone.writes(
        "Who is asking, and how do you know it is them?", "Discharge coordinator, general hospital"
    )
    someone.unfolds("More to think about")
    someone.chooses("What are they to the person?", "A professional in a partner organisation")
    someone.presses("Save and continue")

    someone.is_at("Why?")
    someone.unfolds("More to think about")
    someone.writes("What could happen if we share, or act?", "They have somewhere to go.")
    someone.writes("What could happen if we don't share, or act?", "They leave hospital for the street.")
    someone.presses("Save and continue")

    someone.is_at("Your role")
    someone.unfolds("More to think about")
    someone.chooses("Which lawful basis applies?", "I'm not sure, IG team to confirm")
    someone.presses("Save and continue")

    someone.is_at("Decide")
    someone.presses("Save and continue")
    someone.is_at("Check your answers")
    someone.presses("Record this decision")
    someone.sees("This decision cannot be recorded yet")
    someone.follows("Answer: What have you decided?")
    someone.is_at("Decide")
    someone.chooses("What have you decided?", "Share what was asked")
    if not javascript:
        someone.presses("Save and go back to check")
        someone.sees("there is one more thing to say on this page")
    someone.writes("What exactly will be shared, and with whom?", "That the room is held. To the ward.")
    someone.unfolds("More to think about")
    someone.writes("Why is this the right decision for now?", "Two facts keep a roof over them.")
    someone.chooses("Has the person been told?", "No, or not yet")
    someone.writes("Why not?", "The ward will tell them.")
    someone.chooses("When will you look at this again?", "On another date")
    someone.dates("When will you look at this again?", "1", "3", "2027")
    someone.presses("Save and go back to check")
    someone.is_at("Check your answers")
    someone.follows("Change: Why is this the right decision for now?")
    someone.writes("Why is this the right decision for now?", "Two facts keep a roof over them tonight.")
    someone.presses("Save and go back to check")
    someone.is_at("Check your answers")
    someone.presses("Record this decision")

    someone.is_at("Decision recorded")
    assert "20270301" in someone.downloads("Put it in your calendar")
    someone.follows("See the record")
    reference = someone.reference()
    someone.reads_in_the_record(
        "Why is this the right decision for now?", "Two facts keep a roof over them tonight."
    )
    someone.reads_in_the_record("When will you look at this again?", "1 March 2027")
    someone.follows("My decisions")
    someone.sees("Hospital ward asks about a placement")
    someone.signs_out()

    someone.opens("/admin/")
    someone.signs_in(PersonFactory(roles=["ig_manager"], team=practitioner.team))
    someone.opens("/admin/decisions/decision/")
    someone.follows(reference)
    someone.sees("Two facts keep a roof over them tonight.")
    someone.sees("Whether the room is still held.")


@with_and_without_javascript
def test_changing_an_answer_and_going_back_loses_nothing(someone: Person, practitioner: User) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner))
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}what/")
    someone.writes("What is being asked, in your own words?", "First words")
    someone.presses("Save and continue")
    someone.writes("Who is asking, and how do you know it is them?", "A ward")
    someone.presses("Save and continue")
    someone.is_at("Why?")

    someone.page.go_back()
    someone.is_at("Who?")
    expect(
        someone.page.get_by_label("Who is asking, and how do you know it is them?", exact=True)
    ).to_have_value("A ward")
    someone.page.go_back()
    someone.is_at("What?")
    someone.writes("What is being asked, in your own words?", "Better words")
    someone.presses("Save and see all parts")

    answers = Round.objects.get(pk=draft.pk).answers
    assert answers == {"what.request": "Better words", "who.asking": "A ward"}


@with_and_without_javascript
def test_an_error_is_said_above_and_its_link_lands_on_the_field(someone: Person, practitioner: User) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner))
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}who/")
    someone.writes("Who is asking, and how do you know it is them?", "A ward, " * 80)
    someone.presses("Save and continue")
    expect(someone.page).to_have_title("Error: Who? – " + draft.decision.summary + " – Sharing well")
    someone.page.get_by_role("alert").get_by_role("link").click()
    expect(
        someone.page.get_by_label("Who is asking, and how do you know it is them?", exact=True)
    ).to_be_focused()
    expect(
        someone.page.get_by_label("Who is asking, and how do you know it is them?", exact=True)
    ).to_have_value("A ward, " * 80)


def test_the_error_summary_takes_the_focus(someone: Person, practitioner: User) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner))
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}check/")
    someone.presses("Record this decision")
    expect(someone.page.locator(".govuk-error-summary")).to_be_focused()


def test_everything_fits_a_small_screen(someone: Person, practitioner: User) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner, summary="Longwordwithoutaspace" * 9))
    recorded = recorded_round(
        author=practitioner, answers={"why.purpose": "https://example.org/" + "x" * 300}
    )
    for address in [
        "/",
        "/guide/",
        "/guide/principles/",
        "/guide/examples/",
        "/guide/versions/",
        "/accounts/login/",
    ]:
        someone.opens(address)
        someone.sees_that_it_fits_small_screens()
    someone.is_signed_in(practitioner)
    here = draft.get_absolute_url()
    for address in [
        "/decisions/",
        "/decisions/new/",
        draft.decision.get_absolute_url(),
        *(f"{here}{page}" for page in ["", "what/", "who/", "why/", "role/", "decide/", "check/"]),
        recorded.get_absolute_url(),
        "/decisions/SW-2222-2222/",
        "/accounts/password/change/",
    ]:
        someone.opens(address)
        someone.sees_that_it_fits_small_screens()


def test_it_works_with_the_keyboard_alone(someone: Person, practitioner: User) -> None:
    keyboard = someone.page.keyboard

    def tab_to(name: str) -> None:
        for _ in range(150):
            keyboard.press("Tab")
            focused = someone.page.evaluate(
                "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"
            )
            if focused == name:
                return
        raise AssertionError(f"The Tab key does not come to “{name}” at {someone.page.url}")

    someone.opens("/")
    tab_to("Skip to main content")
    keyboard.press("Enter")
    tab_to("Start a decision")
    keyboard.press("Enter")
    someone.is_at("Sign in")
    tab_to("Email address")
    keyboard.type(practitioner.email)
    tab_to("Password")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    someone.is_at("Start a decision")
    tab_to("We were asked for information")
    keyboard.press("ArrowDown")
    tab_to("Short summary")
    keyboard.type("Eviction to pass on")
    keyboard.press("Enter")
    someone.is_at("What?")
    tab_to("Decide")
    keyboard.press("Enter")
    someone.is_at("Decide")
    tab_to("Share the information")
    keyboard.press("Space")
    tab_to("Why is this the right decision for now?")
    keyboard.type("They would not be found without it.")
    tab_to("Save and continue")
    keyboard.press("Enter")
    someone.is_at("Check your answers")
    tab_to("Record this decision")
    keyboard.press("Enter")
    someone.is_at("Decision recorded")
    assert Round.objects.recorded().get().outcome == "share"


def test_a_field_under_an_option_shows_when_the_option_is_chosen(someone: Person, practitioner: User) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner))
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}decide/")
    someone.unfolds("More to think about")
    expect(someone.page.get_by_label("Why not?", exact=True)).to_be_hidden()
    someone.chooses("Has the person been told?", "No, or not yet")
    expect(someone.page.get_by_label("Why not?", exact=True)).to_be_visible()
