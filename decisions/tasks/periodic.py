"""What the worker does every day for decisions, one organisation after the other."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from sharingwell.notifications.tasks import AGAIN_AND_AGAIN
from sharingwell.tenancy.current import acting_for

logger = logging.getLogger(__name__)


@app.periodic(cron="0 4 * * *")
@app.task(name="remove_old_drafts", queue="upkeep", retry=AGAIN_AND_AGAIN)
def remove_old_drafts(timestamp: int) -> None:
    from decisions import actions
    from sharingwell.accounts.models import Organisation

    for organisation in Organisation.objects.order_by("pk"):
        with acting_for(organisation):
            if removed := actions.remove_old_drafts():
                logger.info("Old drafts removed: %s", removed)


@app.periodic(cron="0 5 * * *")
@app.task(name="remind", queue="upkeep", retry=AGAIN_AND_AGAIN)
def remind(timestamp: int) -> None:
    """Before digests are made, so that what has come due today is in them."""
    from decisions.tasks import reminders
    from sharingwell.accounts.models import Organisation

    for organisation in Organisation.objects.order_by("pk"):
        with acting_for(organisation):
            reminders.remind()
