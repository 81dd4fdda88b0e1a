"""An installation as docs/running.md sets it up: an owner of the tables that is no superuser, and a role that serves.

The databases of all tests are copies of one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.addresses import address_of

ROOT = Path(__file__).resolve().parents[1]
OWNER = "sharingwell_owner"
CALL = "from django.core.management import call_command"


def manage(
    at: Mapping[str, Any],
    *commands: list[str],
    serving_role: str = LOCAL_APPLICATION_ROLE,
    local: bool = False,
) -> subprocess.CompletedProcess[str]:
    """One command after the other, in one process: each takes a second to begin by itself. `at` names the database."""
    at = {**at, "PASSWORD": ""}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup(); {CALL}; [call_command(*each) for each in {commands!r}]",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_ALLOW_ASYNC_UNSAFE": "",  # which the browser's fixture sets for the rest of the run
            "DJANGO_SETTINGS_MODULE": "sharingwell.settings",
            "SHARINGWELL_LOCAL": str(local).lower(),
            "ALLOWED_HOSTS": "sharing-well.example",
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "DATABASE_URL": address_of({**at, "USER": serving_role}),
            "OWNER_DATABASE_URL": address_of({**at, "USER": OWNER}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def install(at: Mapping[str, Any], name: str) -> None:
    """A database to be copied, on the server that `at` says: migrated, with nothing of anybody's in it.

    Whoever comes first makes it, and the others wait. It has its name when it is whole, and then nobody connects to it.
    """
    with psycopg.connect(address_of(at), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(1)")
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return
        for role in [OWNER, LOCAL_APPLICATION_ROLE]:
            if not server.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        making = f"{name}_in_the_making"
        names = {
            "making": sql.Identifier(making),
            "name": sql.Identifier(name),
            "owner": sql.Identifier(OWNER),
        }
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {making}").format(**names))
        server.execute(sql.SQL("CREATE DATABASE {making} OWNER {owner}").format(**names))
        done = manage({**at, "NAME": making}, ["migrate", "--verbosity", "0"])
        assert done.returncode == 0, done.stderr
        server.execute(sql.SQL("ALTER DATABASE {making} ALLOW_CONNECTIONS false").format(**names))
        server.execute(sql.SQL("ALTER DATABASE {making} RENAME TO {name}").format(**names))
