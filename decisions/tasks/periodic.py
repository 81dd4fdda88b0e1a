"""Daily tasks for decisions, run for each organisation."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from sharingwell.notifications.tasks import RETRY
from sharingwell.tenancy.current import use_organisation

logger = logging.getLogger(__name__)


@app.periodic(cron="0 4 * * *")
@app.task(name="delete_expired_drafts", queue="upkeep", retry=RETRY)
def delete_expired_drafts(timestamp: int) -> None:
    from decisions import actions
    from sharingwell.accounts.models import Organisation

    for organisation in Organisation.objects.order_by("pk"):
        with use_organisation(organisation):
            if removed := actions.delete_expired_drafts():
                logger.info("Old drafts removed: %s", removed)


@app.periodic(cron="0 5 * * *")
@app.task(name="remind", queue="upkeep", retry=RETRY)
def remind(timestamp: int) -> None:
    """Send reminders. Runs before the digests, so that they include today's reminders."""
    from decisions.tasks import reminders
    from sharingwell.accounts.models import Organisation

    for organisation in Organisation.objects.order_by("pk"):
        with use_organisation(organisation):
            reminders.remind()
