"""Tasks of the worker for accounts. Arguments are keys only: the queue stores and logs them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sharingwell.accounts.actions import send_reset_link
from sharingwell.accounts.models import User
from sharingwell.notifications.tasks import RETRY


@app.task(name="answer_reset_request", queue="emails", retry=RETRY)
def answer_reset_request(*, person: int | None) -> None:
    """Send the link; nothing where nobody has the address that was typed."""
    for each in User.objects.filter(pk=person) if person else ():
        send_reset_link(person=each)
