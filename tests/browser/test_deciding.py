"""Deciding, and coming back as things change: with scripts and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from decisions.models import Round
from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person
from tests.decisions.factories import recorded_round
from tests.decisions.newer_guide import publish_newer_guide

pytestmark = pytest.mark.usefixtures("guide")


@with_and_without_javascript
def test_urgent_then_completed(someone: Person, practitioner: User) -> None:
    someone.page.set_viewport_size({"width": 390, "height": 844})
    someone.opens("/")
    someone.presses("Someone is at immediate risk")
    someone.is_at("Someone is at immediate risk")
    someone.writes("What are you doing, and why?", "The person left the ward and may come to harm")
    someone.writes("Who with, and how? (optional)", "The police control room, by phone")
    someone.presses("Record it now")
    someone.is_at("Sign in")
    someone.signs_in(practitioner)
    someone.has_written("Who with, and how? (optional)", "The police control room, by phone")
    someone.presses("Record it now")
    someone.is_at("Decision recorded")
    someone.sees_no_sideways_scrolling()
    assert "Complete SW-" in someone.downloads("Put it in your calendar")

    someone.follows("To the person you share it with")
    someone.sees("The person left the ward")
    someone.writes("Your message", "Please look for them. Ring me on 07400 123456.")
    someone.presses("I have sent it: record that")
    someone.chooses("This looks like a phone number", "Take it out")
    someone.presses("I have sent it: record that")
    someone.sees("Ring me on [removed].")

    someone.follows("Round 1")
    someone.sees("Recorded in an emergency.")
    someone.reads_in_the_record("Who would you share it with", "The police control room, by phone")
    someone.follows("Complete this record")
    someone.writes("What has changed, or what do you know now?", "They were found and are safe.")
    someone.presses("Complete this record")
    someone.sees("They were found and are safe.")
    someone.follows("Why?")
    someone.writes("What is the purpose?", "To find them before the night.")
    someone.presses("Save and see all parts")
    someone.presses("Check your answers")
    someone.sees("Weigh these first")
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record("What had changed", "They were found and are safe.")

    someone.follows("About this decision")
    someone.follows("What changed from round 1 to round 2")
    someone.is_at("What changed between rounds")
    someone.sees("What is the purpose?")
    assert Round.objects.recorded().count() == 2


@with_and_without_javascript
def test_neighbour_tells_us_something(someone: Person, practitioner: User) -> None:
    someone.is_signed_in(practitioner)
    someone.opens("/decisions/new/")
    someone.chooses("What has happened?", "Someone has told us something")
    someone.writes("Short summary", "Neighbour worried about a tenant")
    someone.presses("Start")
    someone.presses("Who?")
    someone.unfolds("More to think about")
    someone.chooses("What are they to the person?", "A trusted person")
    someone.presses("Save and see all parts")
    someone.follows("Who?")
    someone.sees("does not need their written consent to tell you so")
    someone.opens(someone.page.url.replace("/who/", "/decide/"))
    someone.chooses("What have you decided?", "Accept what we were told and act on it")
    someone.writes("Why is this the right decision for now?", "A visit is a small step.")
    someone.presses("Save and continue")
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record("What have you decided?", "Accept what we were told and act on it")


@with_and_without_javascript
def test_two_rounds_with_a_new_guide_version_between(
    someone: Person, practitioner: User, tmp_path: Path
) -> None:
    first = recorded_round(
        author=practitioner,
        answers={"what.request": "Whether the room is held", "what.context": "A ward rang."},
    )
    publish_newer_guide(tmp_path / "newer")
    someone.page.set_viewport_size({"width": 390, "height": 844})
    someone.is_signed_in(practitioner)
    someone.opens(first.decision.get_absolute_url())
    someone.presses("Go round again")
    someone.sees("The next round uses the guide of 1 September 2026")
    someone.writes("What has changed, or what do you know now?", "The room is gone.")
    someone.presses("Go round again")
    someone.sees("Not asked in this way any more")
    someone.reads_in_the_record("What is the context?", "A ward rang.")
    someone.sees_no_sideways_scrolling()
    someone.follows("What?")
    someone.has_written("What is being asked, in your own words?", "Whether the room is held")
    someone.writes("What is being asked, in your own words?", "Whether another room is held. A ward rang.")
    someone.presses("Save and see all parts")
    someone.presses("Check your answers")
    someone.sees("Not asked in this way any more")
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record("What had changed", "The room is gone.")
    someone.reads_in_the_record("Guide", "1 September 2026")

    someone.opens(first.get_absolute_url())
    someone.reads_in_the_record("What is the context?", "A ward rang.")
    someone.reads_in_the_record("Guide", "20 March 2026")
    someone.opens(f"{first.decision.get_absolute_url()}compare/")
    someone.sees("A ward rang.")
    someone.sees("Questions answered alike in both")
    someone.sees_no_sideways_scrolling()


@with_and_without_javascript
def test_what_looks_like_an_identifier_is_pointed_out(someone: Person, practitioner: User) -> None:
    recorded = recorded_round(author=practitioner)
    someone.is_signed_in(practitioner)
    someone.opens(f"{recorded.decision.get_absolute_url()}again/")
    someone.presses("Go round again")
    someone.follows("What?")
    someone.writes("What is being asked, in your own words?", "About 943 476 5919 on the ward")
    someone.presses("Save and continue")
    someone.is_at("What?")
    someone.chooses("This looks like an NHS number", "Take it out")
    someone.presses("Save and continue")
    someone.is_at("Who?")
    draft = Round.objects.get(number=2)
    assert draft.answers["what.request"] == "About [removed] on the ward"


@with_and_without_javascript
def test_what_happens_afterwards(someone: Person, practitioner: User) -> None:
    recorded = recorded_round(author=practitioner)
    someone.page.set_viewport_size({"width": 390, "height": 844})
    someone.is_signed_in(practitioner)
    someone.opens(recorded.decision.get_absolute_url())
    someone.presses("Say what happened next")
    someone.chooses("What has happened since?", "It was received")
    someone.writes("In a few words", "Ring 07400 123456, they said.")
    someone.presses("Record what happened")
    someone.chooses("This looks like a phone number", "Take it out")
    someone.presses("Record what happened")
    someone.sees("Ring [removed], they said.")

    someone.follows("Look again on another day")
    someone.chooses("When will you look at this again?", "On another date")
    someone.dates("When will you look at this again?", "1", "3", "2099")
    someone.writes("Why on that day?", "They are away until then.")
    someone.presses("Set the day")
    someone.sees("Look again 1 March 2099")

    someone.follows("Close this decision")
    someone.writes("Why is nothing more to be done?", "They are safe.")
    someone.presses("Close it")
    someone.sees("Closed")
    someone.sees_no_sideways_scrolling()
    someone.presses("Go round again")
    someone.presses("Go round again")
    someone.follows("About this decision")
    someone.sees("Opened again by going round again")
