"""A PostgreSQL that goes away and comes back: requests are answered within seconds, and the worker goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from sharingwell import settings as product
from sharingwell.database.address import parse_address
from sharingwell.database.base import DatabaseWrapper
from sharingwell.dev.postgres import _Server, running_local_database
from tests.addresses import address_of
from tests.database_server import INSTALLED, _installed
from tests.databases import connected_in_this_thread
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance import factories
from tests.guidance.factories import load_first_version
from tests.installation import ROOT
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import heading_of, text_of

OURS = {"origin": "http://testserver"}
WORDS = "She was evicted on Thursday & needs somewhere to go"


class Server:
    """Of these tests alone, to be stopped and started."""

    def __init__(self, cluster: Path, address: str) -> None:
        self._server = _Server(cluster)
        self.settings: dict[str, Any] = parse_address(address)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {INSTALLED} ALLOW_CONNECTIONS true")
        self.settings["NAME"] = INSTALLED

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.start({"fsync": "off"})


@pytest.fixture(scope="module")
def server(django_db_modify_db_settings: None) -> Iterator[Server]:
    with TemporaryDirectory(prefix="away-") as folder:
        Path(folder).chmod(0o755)
        cluster = Path(folder) / "postgres"
        with running_local_database(cluster, throwaway=True, template=_installed) as address:
            yield Server(cluster, address)


@pytest.fixture
def connected(server: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """By a pool as the product has it."""
    DatabaseWrapper._away_until = 0.0
    defaults = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "TEST": {}}
    options = {**server.settings["OPTIONS"], "pool": product.DATABASE_POOL}
    settings = {
        **defaults,
        **server.settings,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
    }
    with django_db_blocker.unblock(), connected_in_this_thread(settings, kept=False) as wrapper:
        try:
            yield wrapper
        finally:
            wrapper.close()
            wrapper.close_pool()


def test_words_are_kept_within_seconds_and_saved_once_it_is_back(
    server: Server, connected: DatabaseWrapper
) -> None:
    load_first_version()
    factories._rows_of.cache_clear()  # their keys are of this server's sequences
    draft = DraftFactory(decision=DecisionFactory(author=PersonFactory()))
    client = Client(raise_request_exception=False)
    client.force_login(draft.author)
    address = f"{draft.get_absolute_url()}what/"

    def ask(method: str, *args: Any, **more: Any) -> tuple[Any, float]:
        began = time.monotonic()
        response = getattr(client, method)(*args, **more)
        connected.close()  # as after each request
        return response, time.monotonic() - began

    assert ask("get", "/health/")[0].status_code == 200
    server.stop()
    for wait in [5.0, 2.0]:  # the second is not kept waiting again
        response, seconds = ask("post", address, {"what.request": WORDS}, headers=OURS)
        assert heading_of(response, 503) == "This service is not available at the moment"
        assert WORDS in text_of(response, 503)
        assert (response["Retry-After"], seconds < wait) == ("10", True)
    time.sleep(1)
    response, seconds = ask("get", "/health/")
    assert (response.status_code, seconds < 5) == (503, True)

    server.start()
    time.sleep(1)
    for _ in range(5):
        response, _ = ask("post", address, {"what.request": WORDS}, headers=OURS)
        assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.answers["what.request"] == WORDS


def test_a_restart_between_two_requests_is_not_noticed(server: Server, connected: DatabaseWrapper) -> None:
    client = Client(raise_request_exception=False)
    for _ in range(3):
        assert client.get("/health/").status_code == 200
        connected.close()
        server.stop()
        server.start()


def test_the_worker_goes_on(server: Server, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sharingwell.settings",
        "SHARINGWELL_LOCAL": "true",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        "DATABASE_URL": address_of(server.settings),
    }
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment, stderr=log
        ) as worker,
    ):
        try:
            _do_one_job(server, tmp_path / "log")
            server.stop()
            until = time.monotonic() + 60
            while "trying again" not in (tmp_path / "log").read_text() and time.monotonic() < until:
                time.sleep(0.5)
            server.start()
            _do_one_job(server, tmp_path / "log")
            assert worker.poll() is None
        finally:
            worker.send_signal(signal.SIGTERM)
            try:
                worker.wait(30)
            finally:
                worker.kill()
    assert "trying again" in (tmp_path / "log").read_text()


def _do_one_job(server: Server, log: Path) -> None:
    with psycopg.connect(address_of(server.settings), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority) "
            """VALUES ('emails', 'send_email', '{"organisation": null, "email": 0}', 0)"""
        )
        until = time.monotonic() + 60
        while connection.execute("SELECT FROM procrastinate_jobs WHERE task_name = 'send_email'").rowcount:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
