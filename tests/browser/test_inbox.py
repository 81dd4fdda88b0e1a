"""Word reaches people: from an email to where it leads, from there to all that waits, and how often emails come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from decisions.tasks import periodic
from sharingwell.accounts.models import User
from sharingwell.dev.mail.mailbox import MailFolder
from tests.browser.journeys import Person
from tests.decisions.factories import recorded_round
from tests.sharingwell.notifications.queue import send_all


@pytest.mark.usefixtures("guide")
def test_word_that_a_day_has_come(
    someone: Person, practitioner: User, settings: Any, tmp_path: Path, base_url: str
) -> None:
    settings.SITE_ADDRESS = base_url
    settings.CAUGHT_MAIL = tmp_path
    today = timezone.localdate().isoformat()
    round = recorded_round(author=practitioner, answers={"decide.review_on": today})
    periodic.remind(timestamp=0)
    send_all()
    MailFolder(tmp_path).store(mail.outbox[0].message().as_bytes())

    someone.page.set_viewport_size({"width": 320, "height": 640})
    someone.opens("/dev/mail/")
    someone.follows("A decision is to be looked at again")
    someone.follows(f"{base_url}{round.decision.get_absolute_url()}")
    someone.signs_in(practitioner)
    someone.sees(round.decision.reference)
    someone.sees_no_sideways_scrolling()
    expect(someone.page.get_by_role("link", name="Waiting for me: 1")).to_be_visible()
    someone.follows("Waiting for me: 1")
    someone.is_at("What waits for me")
    someone.sees(round.decision.summary)
    someone.page.get_by_role("button", name="Menu").click()
    someone.follows("Your emails")
    someone.chooses("When do you want to be told?", "Once a day, all together")
    someone.presses("Save")
    someone.sees("Your emails come as you have chosen.")
    someone.sees_no_sideways_scrolling()
