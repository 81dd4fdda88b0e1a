"""What must go: one IG manager proposes, another confirms, and it is gone."""

from __future__ import annotations

import pytest

from sharingwell.accounts.models import User
from tests.browser import without_javascript
from tests.browser.journeys import Person
from tests.decisions.actions.test_retention import recorded_long_ago
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


@without_javascript
def test_disposal_by_two_people(someone: Person, practitioner: User) -> None:
    old = recorded_long_ago(practitioner)
    first, second = (PersonFactory(roles=["ig_manager"], team=practitioner.team) for _ in range(2))

    someone.is_signed_in(first)
    someone.opens("/decisions/")
    someone.follows("what is due for disposal")
    someone.follows(old.summary)
    someone.presses("Propose to dispose of it")
    someone.sees("Another IG manager has to confirm it.")
    someone.signs_out()

    someone.opens("/decisions/retention/proposed/")
    someone.signs_in(second)
    someone.follows(old.reference)
    someone.presses("Answer")
    someone.sees("There is a problem")
    someone.chooses("Is it to go?", "Dispose of it. This cannot be undone.")
    someone.presses("Answer")
    someone.is_at("Disposed of")
    someone.reads_in_the_record("Reference", old.reference)
    someone.opens(old.get_absolute_url())
    someone.is_at("This decision is gone")
