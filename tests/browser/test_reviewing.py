"""An IG manager finds what waits, reviews it and takes the list out; another round opens the review again."""

from __future__ import annotations

from pathlib import Path

import pytest

from decisions import actions
from sharingwell.accounts.models import User
from tests.browser.journeys import Person
from tests.decisions.factories import recorded_round
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


def test_filtering_opening_reviewing_and_taking_out(someone: Person, practitioner: User) -> None:
    refusal = recorded_round(
        author=practitioner,
        summary="Caller wants an address",
        answers={"decide.outcome": "do-not-share", "what.kinds": ["health"]},
    )
    recorded_round(author=practitioner, summary="Ward asks about a room")
    reference = refusal.decision.reference

    ig_manager = PersonFactory(roles=["ig_manager"], team=practitioner.team)
    actions.set_sample_rule(by=ig_manager, share=0, urgent=True, refusals=True)  # none drawn by chance

    someone.is_signed_in(ig_manager)
    someone.opens("/admin/decisions/decision/")
    someone.follows("Refusals")
    someone.page.get_by_text("By special category or offence data").click()
    someone.follows("Special category data")
    someone.sees("Caller wants an address")
    assert not someone.page.get_by_text("Ward asks about a room").is_visible()

    someone.follows(reference)
    someone.sees("As it was recorded.")
    someone.follows("Review round 1")
    someone.is_at("Review round 1")
    someone.chooses("What do you find?", "Reasons need adding")
    someone.presses("Record this review")
    someone.sees("There is a problem")
    someone.writes("In a few words", "Say what you told the caller.")
    someone.page.get_by_label("Lawful basis you confirm (optional)").select_option("Public task")
    someone.presses("Record this review")
    someone.sees("Recorded. This decision is reviewed.")
    someone.sees("Reviewed: Reasons need adding")

    someone.opens("/admin/decisions/decision/?outcome=refusal&review=reviewed")
    someone.sees(reference)
    with someone.page.expect_download() as download:
        someone.page.get_by_role("link", name="CSV").click()
    taken_out = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert reference in taken_out
    assert "Caller wants an address" not in taken_out
    someone.opens("/decisions/reviews/exports/")
    someone.sees("filtered by outcome=refusal&review=reviewed")

    someone.opens("/admin/decisions/decision/?everything=yes")
    someone.sees("“everything” is not something that decisions can be filtered by.")
    someone.opens("/decisions/reviews/sample/")
    someone.is_at("How much is reviewed")

    again = actions.start_round(by=practitioner, decision=refusal.decision, changed="She rang again.")
    actions.record_round(by=practitioner, round=again)
    someone.page.set_viewport_size({"width": 390, "height": 800})
    someone.opens("/decisions/reviews/")
    someone.follows("0 of 1 reviewed")
    someone.sees_no_sideways_scrolling()
    someone.sees("Changed since review")
    someone.follows(reference)
    someone.sees_no_sideways_scrolling()
    someone.follows("Review round 2")
    someone.is_at("Review round 2")
    someone.sees_no_sideways_scrolling()
