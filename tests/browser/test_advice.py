"""A second pair of eyes: a practitioner asks, a manager replies on a phone, the practitioner records and says so."""

from __future__ import annotations

import pytest

from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person
from tests.decisions.factories import ENOUGH_TO_RECORD, DraftFactory
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


@with_and_without_javascript
def test_advice_is_asked_given_and_followed(someone: Person, practitioner: User) -> None:
    manager = PersonFactory(roles=["manager"], team=practitioner.team)
    draft = DraftFactory(decision__author=practitioner, answers=ENOUGH_TO_RECORD)

    someone.opens(draft.part_url("what"))
    someone.signs_in(practitioner)
    someone.writes("What is being asked, in your own words?", "Whether the room is held.")
    someone.presses("Save and ask for advice")
    someone.is_at("Ask for advice")
    someone.presses("Ask")
    someone.sees("Choose whom you want to ask.")
    someone.chooses("Whom do you want to ask?", manager.name)
    someone.writes("What do you want to ask?", "Is the date enough?")
    someone.chooses("How soon do you need a reply?", "It is urgent")
    someone.presses("Ask")
    someone.sees(f"You asked {manager}. You need not wait")
    someone.has_written("What is being asked, in your own words?", "Whether the room is held.")
    someone.opens(draft.check_url())
    someone.sees("you can record now, and the reply will stand beside the record")
    someone.opens("/advice/asked/")
    someone.sees(f"With {manager}")
    someone.signs_out()

    someone.page.set_viewport_size({"width": 390, "height": 844})
    someone.opens("/advice/")
    someone.signs_in(manager)
    someone.follows(draft.decision.summary)
    someone.sees("Is the date enough?")
    someone.sees("Whether the room is held.")
    someone.sees_no_sideways_scrolling()
    someone.presses("Give this advice")
    someone.sees("Write your advice.")
    someone.writes("Your advice", "It is. Leave the address out.")
    someone.presses("Give this advice")
    someone.sees("Your advice is given.")
    someone.sees_no_sideways_scrolling()
    someone.signs_out()

    someone.opens(draft.check_url())
    someone.signs_in(practitioner)
    someone.follows(f"{practitioner} asked {manager}")
    someone.sees("It is. Leave the address out.")
    someone.presses("Say whether you followed it")
    someone.chooses("Did you follow this advice?", "Yes")
    someone.presses("Record it")
    someone.sees("Advice followed")
    someone.opens(draft.check_url())
    someone.presses("Record this decision")
    someone.reads_in_the_record(f"Asked of {manager}, urgent", "It is. Leave the address out.")
    someone.opens(draft.decision.get_absolute_url())
    someone.sees("Advice followed")
