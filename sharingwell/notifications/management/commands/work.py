from __future__ import annotations

import asyncio
import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from sharingwell.database.timeouts import BACKGROUND, use_timeouts
from sharingwell.database.versions import check_database_is_not_newer

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds, where the database cannot be reached
STALLED_AFTER = 30.0  # seconds without a heartbeat
POLLING_INTERVAL = (
    1.0  # seconds: PostgreSQL does not tell it, for LISTEN would need a connection that no pooler lends
)


class Command(BaseCommand):
    help = "Do what is queued, such as sending emails, and each day what is to be done daily. Runs until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when there is nothing left to do.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        check_database_is_not_newer()
        with use_timeouts(BACKGROUND):
            while not _work_until_the_database_is_lost(once=once):
                logger.warning("The database cannot be reached: trying again in %s seconds.", PAUSE)
                time.sleep(PAUSE)


def _work_until_the_database_is_lost(*, once: bool) -> bool:
    """Return whether it was stopped, or had nothing left to do."""
    try:
        asyncio.run(_work(once=once))
    except (ConnectorException, OperationalError):
        if once:
            raise
        return False
    return True


async def _work(*, once: bool) -> None:
    """Runs the worker with its own database connection for the queue.

    Tasks keep the app with Django's connection, so that the jobs they defer are part of their transaction.
    """
    queue = PsycopgConnector(kwargs=connector_params(), timeout=PAUSE, reconnect_timeout=PAUSE)
    worker: App = app.with_connector(queue)
    worker.periodic_defaults = app.periodic_defaults
    async with worker.open_async():
        await worker.job_manager.prune_stalled_workers(STALLED_AFTER)
        for job in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            await worker.job_manager.retry_job(job)
        await worker.run_worker_async(
            wait=not once,
            stalled_worker_timeout=STALLED_AFTER,
            listen_notify=False,
            fetch_job_polling_interval=POLLING_INTERVAL,
        )
