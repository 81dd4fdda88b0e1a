"""Practising on a case, without an account: with scripts and without."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from decisions.models import Decision
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person

pytestmark = pytest.mark.usefixtures("guide")


@with_and_without_javascript
def test_practice_without_an_account(someone: Person) -> None:
    someone.page.set_viewport_size({"width": 390, "height": 844})
    someone.opens("/")
    someone.follows("practise on a case")
    someone.follows("A neighbour raises a concern")
    someone.chooses("What has happened?", "Someone has told us something")
    someone.presses("Walk through it")
    someone.sees("Nothing here is kept")
    someone.follows("Who?")
    someone.writes("Who told you, and how do you know it is them?", "The neighbour, at the door")
    someone.unfolds("More to think about")
    someone.chooses("What are they to the person?", "A trusted person")
    someone.presses("Save and continue")
    someone.is_at("Why?")

    someone.page.go_back()
    someone.looks_at_the_page()
    someone.has_written("Who told you, and how do you know it is them?", "The neighbour, at the door")
    someone.sees("does not need their written consent to tell you so")
    someone.presses("Save and see all parts")
    someone.follows("Decide")
    someone.chooses("What have you decided?", "Accept what we were told and act on it")
    someone.writes("Why is this the right decision for now?", "A visit is a small step.")
    someone.presses("Save and continue")
    someone.presses("See the record as it would read")
    someone.reads_in_the_record("Decided by", "You, in practice")
    someone.reads_in_the_record("Who told you, and how do you know it is them?", "The neighbour, at the door")
    someone.sees("What the guide says")
    someone.sees_no_sideways_scrolling()

    someone.presses("Practise on another case")
    someone.presses("Clear everything I wrote in practice")
    someone.sees("What you wrote in practice is gone.")
    assert not Session.objects.exists()
    assert not Decision.objects.exists()
