"""Figures at a desk and on a phone, by keyboard, and an example written from what was learned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from decisions.demonstration import add_demonstration_data
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.browser.journeys import Person
from tests.decisions.factories import recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("guide")


def test_an_ig_manager_looks_at_patterns_by_keyboard(someone: Person) -> None:
    add_demonstration_data()
    colleague = User.objects.get(email="ig@fenbridge.example")
    page = someone.page
    someone.opens("/decisions/patterns/")
    roles = ["ig_manager", "manager", "partnership_lead", "guide_editor"]
    someone.signs_in(PersonFactory(roles=roles, team=colleague.team))
    for width in [1280, 390]:
        page.set_viewport_size({"width": width, "height": 800})
        someone.looks_at_the_page()
        someone.sees_no_sideways_scrolling()
    expect(page.get_by_role("img", name="What was decided")).to_be_visible()
    page.get_by_label("Team").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    someone.looks_at_the_page()
    assert "team=" in page.url
    wide = page.get_by_role("region", name="Recorded rounds over time, in numbers")
    wide.focus()
    expect(wide).to_be_focused()

    for address, heading in [
        ("/decisions/patterns/partnership/", "Patterns across organisations"),
        ("/decisions/patterns/guide/", "How the guide is used"),
        ("/decisions/team/", "Decisions of my team"),
    ]:
        someone.opens(address)
        someone.is_at(heading)
        someone.sees_no_sideways_scrolling()


def test_an_ig_manager_writes_an_example_from_what_was_learned(someone: Person) -> None:
    round = recorded_round(
        answers={"what.request": "The ward asks whether the room is still held for the person."}
    )
    reviewer = PersonFactory(roles=["ig_manager", "guide_editor"], team=round.decision.team)
    review = state_review(round, finding="learning", by=reviewer)
    someone.is_signed_in(review.by)
    someone.opens(f"/admin/decisions/decision/{round.decision_id}/change/")
    someone.follows("Draft a worked example from round 1")
    someone.presses("Put it into the draft of the guide")
    someone.sees("Write the example.")
    someone.page.get_by_label("What does it show?").fill("A room is held")
    someone.page.get_by_label("The example").fill("**For example**, a call was enough to keep a place.")
    someone.page.get_by_label("Where in the guide does it belong?").select_option("Who is asking?")
    someone.presses("Put it into the draft of the guide")
    someone.sees("The example is in the draft of the next guide.")
    someone.sees("“a-room-is-held” in a draft of the guide")
    someone.opens(f"/admin/guidance/guideversion/{GuideVersion.objects.get(published_at=None).pk}/change/")
    someone.sees("A room is held")
