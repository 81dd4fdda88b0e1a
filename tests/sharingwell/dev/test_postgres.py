"""The embedded PostgreSQL runs while a process uses it, and stops afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from sharingwell.dev.postgres import LocalDatabaseError, local_database_url, running_local_database

HOLD = """
import sys, time
from pathlib import Path
from sharingwell.dev.postgres import running_local_database
with running_local_database(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a space, and a path too long for a socket."""
    return tmp_path_factory.mktemp("a folder") / ("deep" * 20) / "it's, well, a cluster"


def test_an_address_can_be_told_of_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    assert local_database_url(tmp_path / "none").endswith("none")
    assert not (tmp_path / "none").exists()


def test_it_runs_while_it_is_held_and_keeps_its_data(cluster: Path) -> None:
    with running_local_database(cluster) as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert not is_running(cluster)
    with running_local_database(cluster) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_the_last_of_two_holders_stops_it(cluster: Path) -> None:
    with running_local_database(cluster) as outer:
        with running_local_database(cluster) as inner:
            assert inner == outer
        assert is_running(cluster)
    assert not is_running(cluster)


def test_after_a_holder_was_killed_the_next_one_uses_and_stops_what_it_left(cluster: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, cluster], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        os.kill(holder.pid, signal.SIGKILL)
    assert is_running(cluster)
    with running_local_database(cluster) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not is_running(cluster)


def test_a_stale_pid_of_another_process_is_ignored(cluster: Path) -> None:
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n0\n5432\n{cluster}\n\n\nready\n")
    with running_local_database(cluster) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_throwaway_cluster_begins_empty_and_is_gone_afterwards(cluster: Path) -> None:
    with running_local_database(cluster, throwaway=True) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    assert not cluster.exists()


def test_it_may_begin_as_a_copy_of_one_that_is_stopped(cluster: Path, tmp_path: Path) -> None:
    with running_local_database(cluster) as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE copied AS SELECT 2 AS number")
    for _ in range(2):
        with (
            running_local_database(tmp_path / "copy", throwaway=True, template=lambda: cluster) as address,
            psycopg.connect(address) as connection,
        ):
            assert connection.execute("DELETE FROM copied RETURNING number").fetchone() == (2,)


def test_a_failure_to_start_says_what_postgresql_said(cluster: Path) -> None:
    (cluster / "postgresql.conf").write_text("no_such_setting = on\n")
    with pytest.raises(LocalDatabaseError, match="no_such_setting"), running_local_database(cluster):
        pass


def is_running(cluster: Path) -> bool:
    try:
        psycopg.connect(local_database_url(cluster), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
