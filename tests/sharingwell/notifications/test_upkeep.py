"""Maintenance of the queue by the worker."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.notifications import tasks
from sharingwell.notifications.models import Notification
from tests.serving import serving
from tests.sharingwell.notifications.queue import queued

Tell = Callable[..., Notification | None]


def do(task: Any) -> None:
    """Runs with the application role, as the worker does.

    Uses a thread with this connection: a browser's event loop may be running in this thread.
    """
    shared = connections["default"]

    def work() -> None:
        connections["default"] = shared
        with serving():
            async_to_sync(task.func)(SimpleNamespace(app=app), timestamp=0)

    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(work).result()
    finally:
        shared.dec_thread_sharing()


def test_failed_jobs_are_deleted_with_old_notifications(tell: Tell) -> None:
    for number, days in enumerate([89, 91]):
        tell(event_key=f"advice-{number}-asked")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'")
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) "
                "WHERE job_id = (SELECT max(id) FROM procrastinate_jobs)",
                [days],
            )
    recent, _ = queued()
    do(tasks.remove_old_jobs)
    assert queued() == [recent]


def test_jobs_of_a_killed_worker_are_retried(tell: Tell) -> None:
    tell()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    do(tasks.retry_stalled_jobs)
    assert ProcrastinateJob.objects.get().status == "todo"
