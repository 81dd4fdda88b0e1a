"""Deciding in minutes: the core questions alone, and someone who could come to serious harm now."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from decisions.models import Round
from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import PHONE, Person
from tests.decisions.factories import DecisionFactory, DraftFactory

pytestmark = pytest.mark.usefixtures("guide")


@with_and_without_javascript
def test_an_ordinary_request_by_the_core_questions_alone(
    someone: Person, practitioner: User, javascript: bool
) -> None:
    someone.page.set_viewport_size({"width": PHONE, "height": 844})
    someone.is_signed_in(practitioner)
    someone.opens("/decisions/new/")
    someone.chooses("What has happened?", "We were asked for information")
    someone.writes("Short summary", "Hospital ward asks about a placement")
    someone.presses("Start")

    someone.is_at("What?")
    someone.chooses("How urgent is the matter?", "It matters within days")
    someone.writes("What is being asked, in your own words?", "Whether the room is still held.")
    someone.chooses(
        "What kinds of information would be shared or used?", "Where they are, or where they live"
    )
    if javascript:
        someone.sees("One fact, in time, may be enough.")
    someone.presses("Save and continue")
    if not javascript:
        someone.sees("Before you go on")
        someone.sees("One fact, in time, may be enough.")

    someone.is_at("Who?")
    someone.writes("Who is asking, and how do you know it is them?", "The ward. I rang back.")
    someone.presses("Save and continue")
    someone.writes("What is the purpose?", "Somewhere to go from hospital.")
    someone.writes("What could happen if we don't share, or act?", "They leave for the street.")
    someone.presses("Save and continue")
    someone.chooses("Is the sharing consistent with what you are required to do", "Yes, to provide a service")
    someone.presses("Save and continue")

    someone.is_at("Decide")
    someone.chooses("What have you decided?", "Share part of it")
    someone.writes("Why is this the right decision for now?", "Two facts keep a roof over them.")
    if javascript:
        someone.sees("have not said when, or how it will be sent")
    else:
        someone.presses("Save and continue")
    someone.writes("What exactly will be shared, and with whom?", "That it is held. To the ward.")
    someone.presses("Save and continue")
    someone.is_at("Check your answers")
    someone.presses("Record this decision")
    assert Round.objects.get().is_recorded
    someone.sees_no_sideways_scrolling()


@with_and_without_javascript
def test_serious_harm_now_is_answered_at_once(someone: Person, practitioner: User, javascript: bool) -> None:
    draft = DraftFactory(decision=DecisionFactory(author=practitioner, direction="share"))
    someone.page.set_viewport_size({"width": PHONE, "height": 844})
    someone.is_signed_in(practitioner)
    someone.opens(f"{draft.get_absolute_url()}what/")
    someone.writes("What do you want to share, in your own words?", "The person left the ward.")
    record_now = someone.page.get_by_role("button", name="Record it now on one page")
    expect(record_now).to_be_hidden()
    someone.chooses("How urgent is the matter?", "Someone could come to serious harm now")
    if not javascript:
        someone.presses("Save and continue")
    someone.sees("If life is in danger, call 999 first.")
    someone.presses("Record it now on one page")

    someone.is_at("Someone is at immediate risk")
    someone.has_written("What are you doing, and why?", "The person left the ward.")
    someone.writes("Who with, and how? (optional)", "The police control room, by phone")
    someone.writes("Why can it not wait? (optional)", "It is freezing.")
    someone.presses("Record it now")
    assert Round.objects.get(pk=draft.pk).urgent
