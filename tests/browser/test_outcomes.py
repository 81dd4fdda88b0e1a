"""Deciding otherwise than to share: a refusal that is looked at again, and advice first."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from sharingwell.accounts.models import User
from tests.browser import with_and_without_javascript
from tests.browser.journeys import Person

pytestmark = pytest.mark.usefixtures("guide")


def starts(someone: Person, practitioner: User, what_has_happened: str, summary: str) -> None:
    someone.is_signed_in(practitioner)
    someone.opens("/decisions/new/")
    someone.chooses("What has happened?", what_has_happened)
    someone.writes("Short summary", summary)
    someone.presses("Start")


@with_and_without_javascript
def test_refusal_with_review(someone: Person, practitioner: User) -> None:
    starts(someone, practitioner, "We were asked for information", "A partner asks for the whole file")
    someone.presses("Decide")
    someone.chooses("What have you decided?", "Do not share")
    someone.writes(
        "Why is this the right decision for now?", "They need to know nothing of this for the repair."
    )
    someone.presses("Save and continue")
    someone.sees("have not said when you will look at this again")
    someone.sees("does not hold: not sharing, or not acting, can do the person great harm")

    someone.follows("When will you look at this again?")
    someone.sees("A refusal deserves another look too.")
    someone.unfolds("More to think about")
    in_a_week = timezone.localdate() + datetime.timedelta(days=7)
    someone.chooses("When will you look at this again?", f"In one week ({in_a_week:%A %-d %B})")
    someone.presses("Save and continue")
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record("What have you decided?", "Do not share")
    someone.reads_in_the_record("When will you look at this again?", f"{in_a_week:%-d %B %Y}")
    someone.opens("/decisions/")
    someone.sees(f"Look again {in_a_week:%-d %B %Y}")


@with_and_without_javascript
def test_advice_outcome(someone: Person, practitioner: User) -> None:
    starts(someone, practitioner, "We want to ask for information", "What a warning on a referral means")
    someone.presses("Your role")
    someone.chooses("Is asking for it consistent with what you are required to do", "I'm not sure")
    someone.presses("Save and continue")
    someone.is_at("Decide")
    someone.chooses("What have you decided?", "Ask for advice first")
    someone.writes("Why is this the right decision for now?", "My manager knows whom to ask.")
    someone.presses("Save and continue")
    someone.is_at("Ask for advice")
    someone.follows("Go on without asking")
    someone.sees("Check with your manager or supervisor")
    someone.sees("You will ask for advice first, and have not said when")
    someone.presses("Record this decision")
    someone.follows("See the record")
    someone.reads_in_the_record("What have you decided?", "Ask for advice first")
    someone.reads_in_the_record("Is asking for it consistent", "I'm not sure")
    someone.sees("You decided to ask for advice first, and have not asked yet.")
