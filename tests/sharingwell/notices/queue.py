"""The worker's work, done here and now."""

from __future__ import annotations

from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.acting import acting_for
from sharingwell.notices.tasks import send_email
from tests.serving import serving


def queued() -> list[dict[str, int | None]]:
    """The arguments of what waits to be sent."""
    jobs = ProcrastinateJob.objects.filter(task_name="send_email").order_by("pk")
    return [job.args for job in jobs]


def send_all() -> None:
    """As the worker would: with the role that serves, and for no organisation until a task says so."""
    for arguments in queued():
        with serving(), acting_for(None):
            send_email(**arguments)
