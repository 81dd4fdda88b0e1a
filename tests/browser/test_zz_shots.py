import pytest
from django.utils import timezone

from decisions import actions
from tests.decisions.factories import DraftFactory, recorded_round

pytestmark = pytest.mark.usefixtures("guide")


def test_shots(someone, practitioner):
    d = DraftFactory(
        decision__author=practitioner,
        decision__direction="share",
        decision__summary="Eviction to pass on",
        answers={
            "what.urgency": "now",
            "what.request": "That the person has to leave on Friday",
            "who.asking": "The named social worker",
            "decide.outcome": "do-not-share",
            "decide.reasoning": "They may freeze.",
            "decide.shared": "The date",
            "why.purpose": "A safe move",
        },
    )
    r = recorded_round(
        author=practitioner,
        answers={
            "decide.shared": "The date of the move and the name of the hostel",
            "decide.review_on": "2027-03-01",
            "why.purpose": "A safe discharge",
            "what.request": "Whether the room is held",
            "decide.shared_on": "2026-11-29",
        },
    )
    u = actions.record_urgent_round(
        by=practitioner,
        direction="share",
        what="The person left the ward and may come to harm. Ring 07400 123456",
        with_whom="Police, by phone",
        when=timezone.localdate(),
    )
    pages = {"home": "/", "urgent-out": "/decisions/urgent/"}
    after = {
        "check": d.check_url(),
        "recorded": r.get_absolute_url() + "recorded/",
        "record": r.get_absolute_url(),
        "message": r.get_absolute_url() + "message/",
        "u-recorded": u.get_absolute_url() + "recorded/",
        "u-record": u.get_absolute_url(),
        "u-message": u.get_absolute_url() + "message/",
        "decision": u.decision.get_absolute_url(),
        "part": d.get_absolute_url() + "decide/?then=check",
    }
    for group in (pages, after):
        for name, url in group.items():
            for w in (390, 1280):
                someone.page.set_viewport_size({"width": w, "height": 900})
                someone.page.goto(url)
                someone.page.screenshot(path=f"/tmp/shots_act/{name}-{w}.png", full_page=True)
                someone.sees_no_sideways_scrolling()
        someone.is_signed_in(practitioner)
