"""Tasks of the worker for notifications. Arguments are keys only: the queue stores and logs them."""

from __future__ import annotations

import logging

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from sharingwell.accounts.models import Organisation
from sharingwell.notifications import actions
from sharingwell.notifications.retry import ExponentialBackoff, delay_after
from sharingwell.notifications.sending import mark_failed, send
from sharingwell.tenancy.current import use_organisation

logger = logging.getLogger(__name__)

RETRY = ExponentialBackoff()


@app.task(name="send_email", queue="emails", retry=RETRY, pass_context=True)
def send_email(context: JobContext, *, organisation: int | None, email: int) -> None:
    """Send the email with this key; row-level security needs its organisation."""
    with use_organisation(Organisation.objects.get(pk=organisation) if organisation else None):
        try:
            send(email)
        except Exception as error:
            # Only the type is logged: the message may hold the address.
            logger.warning("Email %s could not be sent: %s", email, type(error).__name__)
            if delay_after(context.job.attempts, error) is None:
                mark_failed(email)
            raise


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queue="upkeep", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int = 0) -> None:
    """Retry the jobs of workers that were killed."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="0 2 * * *")
@app.task(name="remove_old_jobs", queue="upkeep", retry=RETRY, pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete old failed, cancelled and aborted jobs; finished ones are deleted at once."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * settings.NOTIFICATIONS_KEPT_DAYS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


@app.periodic(cron="0 3 * * *")
@app.task(name="delete_old_notifications", queue="upkeep", retry=RETRY)
def delete_old_notifications(timestamp: int) -> None:
    for organisation in actions.every_organisation():
        with use_organisation(organisation):
            actions.delete_old_notifications()


@app.periodic(cron="0 6 * * *")
@app.task(name="send_digests", queue="upkeep", retry=RETRY)
def send_digests(timestamp: int) -> None:
    for organisation in actions.every_organisation():
        with use_organisation(organisation):
            actions.make_digests()
