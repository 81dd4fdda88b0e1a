"""What the worker does for notices. Arguments are keys and nothing else: they are kept in a table, and logged."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from sharingwell.accounts.models import Organisation
from sharingwell.acting import acting_for
from sharingwell.notices.retrying import GrowingDelays

AGAIN_AND_AGAIN = GrowingDelays()


@app.task(name="send_email", queue="emails", retry=AGAIN_AND_AGAIN)
def send_email(*, organisation: int | None, email: int) -> None:
    """The email of this key; for its organisation, without which nobody could find it."""
    from sharingwell.notices.sending import send

    with acting_for(Organisation.objects.get(pk=organisation) if organisation else None):
        send(email)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queue="upkeep", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int = 0) -> None:
    """What a worker was doing when it was killed is done by another."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="0 3 * * *")
@app.task(name="remove_old_notices", queue="upkeep", retry=AGAIN_AND_AGAIN)
def remove_old_notices(timestamp: int) -> None:
    from sharingwell.notices import actions

    for organisation in actions.every_organisation():
        with acting_for(organisation):
            actions.remove_old_notices()


@app.periodic(cron="0 6 * * *")
@app.task(name="send_digests", queue="upkeep", retry=AGAIN_AND_AGAIN)
def send_digests(timestamp: int) -> None:
    from sharingwell.notices import actions

    for organisation in actions.every_organisation():
        with acting_for(organisation):
            actions.make_digests()
