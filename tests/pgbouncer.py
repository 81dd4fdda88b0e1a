"""PgBouncer in transaction mode, with one connection to PostgreSQL for all of its clients.

No package index has the program. It comes from the operating system: on Debian, `apt-get install pgbouncer`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE, UNPRIVILEGED_USER
from tests.addresses import address_of

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PORT = 6432  # names its socket: it listens on no network address
CONFIGURATION = """
[databases]
{name} = host={host} port={port}
[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 1
"""


@contextmanager
def running_pgbouncer(
    settings: Mapping[str, Any], server: psycopg.ConnectionInfo
) -> Iterator[dict[str, Any]]:
    """Start it before this server; give the settings, else as these, by which Django connects through it."""
    assert PROGRAM is not None, "pgbouncer is not installed (on Debian: apt-get install pgbouncer)"
    with TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # for whomever root runs it as
        (folder / "users").write_text(f'"{LOCAL_APPLICATION_ROLE}" ""\n')
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(
                name=settings["NAME"], host=server.host, port=server.port, PORT=PORT, folder=folder
            )
        )
        through = {
            **settings,
            "USER": LOCAL_APPLICATION_ROLE,
            "PASSWORD": "",
            "HOST": name,
            "PORT": PORT,
            "OPTIONS": {option: value for option, value in settings["OPTIONS"].items() if option != "host"},
        }
        runs_as = ["--user", UNPRIVILEGED_USER] if os.geteuid() == 0 else []
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([PROGRAM, *runs_as, folder / "pgbouncer.ini"], stderr=log)
        try:
            _wait_until_it_answers(process, address_of(through), folder / "log")
            yield through
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
