"""Runs queued jobs in the test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.accounts.tasks import answer_reset_request
from sharingwell.notifications.tasks import send_email
from sharingwell.tenancy.current import use_organisation
from tests.serving import serving


def queued() -> list[dict[str, int | None]]:
    """Arguments of the queued jobs."""
    jobs = ProcrastinateJob.objects.filter(task_name="send_email").order_by("pk")
    return [job.args for job in jobs]


def send_all(attempts: int = 0) -> None:
    """Runs them with the application role, and without an organisation, as the worker does.

    `attempts` have failed before.
    """
    for job in ProcrastinateJob.objects.filter(task_name="answer_reset_request", status="todo").order_by(
        "pk"
    ):
        with serving(), use_organisation(None):
            answer_reset_request(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
    for arguments in queued():
        with serving(), use_organisation(None):
            send_email(after(attempts), **arguments)


def after(attempts: int) -> Any:
    """Job context of a task after so many attempts, as far as our tasks use it."""
    return SimpleNamespace(job=SimpleNamespace(attempts=attempts))
