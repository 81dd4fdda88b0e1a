"""The worker's work, done here and now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.notifications.tasks import send_email
from sharingwell.tenancy.current import use_organisation
from tests.serving import serving


def queued() -> list[dict[str, int | None]]:
    """The arguments of what waits to be sent."""
    jobs = ProcrastinateJob.objects.filter(task_name="send_email").order_by("pk")
    return [job.args for job in jobs]


def send_all(attempts: int = 0) -> None:
    """As the worker would: with the role that serves, and for no organisation until a task says so.

    `attempts` have failed before.
    """
    for arguments in queued():
        with serving(), use_organisation(None):
            send_email(after(attempts), **arguments)


def after(attempts: int) -> Any:
    """What the worker says to a task of what it does, as far as ours ask."""
    return SimpleNamespace(job=SimpleNamespace(attempts=attempts))
