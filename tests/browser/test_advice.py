"""A second pair of eyes: a practitioner asks, a manager replies on a phone, the practitioner records and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


@pytest.fixture
def somebody_on_a_phone(
    new_context: Callable[..., BrowserContext],
    javascript: bool,
    browser_complaints: list[str],
    check_accessibility: Callable[[Page], None],
) -> Person:
    phone = new_context(java_script_enabled=javascript, has_touch=True)
    phone.on("weberror", lambda failure: browser_complaints.append(str(failure.error)))
    page = phone.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    return Person(page, check_accessibility)


@with_and_without_javascript
def test_advice_is_asked_given_and_followed(
    someone: Person, somebody_on_a_phone: Person, practitioner: User
) -> None:
    manager = PersonFactory(roles=["manager"], team=practitioner.team)
    draft = DraftFactory(decision__author=practitioner, answers=ENOUGH_TO_RECORD)
    someone.is_signed_in(practitioner)
    somebody_on_a_phone.is_signed_in(manager)

    someone.opens(draft.part_url("what"))
    someone.writes("What is being asked, in your own words?", "Whether the room is held.")
    someone.presses("Save and ask for advice")
    someone.is_at("Ask for advice")
    someone.chooses("Who do you want to ask?", manager.name)
    someone.writes("What do you want to ask?", "Is the date enough?")
    someone.chooses("How soon do you need a reply?", "It is urgent")
    someone.presses("Ask")
    someone.sees(f"You asked {manager}. You need not wait")
    someone.has_written("What is being asked, in your own words?", "Whether the room is held.")

    somebody_on_a_phone.opens("/advice/")
    somebody_on_a_phone.follows(draft.decision.summary)
    somebody_on_a_phone.sees("Is the date enough?")
    somebody_on_a_phone.sees("Whether the room is held.")
    somebody_on_a_phone.sees_no_sideways_scrolling()
    somebody_on_a_phone.presses("Give this advice")
    somebody_on_a_phone.sees("Write your advice.")
    somebody_on_a_phone.writes("Your advice", "It is. Leave the address out.")
    somebody_on_a_phone.presses("Give this advice")
    somebody_on_a_phone.sees("Your advice is given.")
    somebody_on_a_phone.sees_no_sideways_scrolling()

    someone.opens(draft.check_url())
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record(f"Asked of {manager}, urgent", "It is. Leave the address out.")
    someone.follows("Waiting for me: 1")
    someone.follows(draft.decision.summary)
    someone.presses("Say whether you followed it")
    someone.chooses("Did you follow this advice?", "Yes")
    someone.presses("Record it")
    someone.opens(draft.decision.get_absolute_url())
    someone.sees("Advice followed")
