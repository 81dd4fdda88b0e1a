"""A taken port is reported before anything else is done."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sharingwell.dev.ports import HOST, chosen_port, is_free

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_port_is_free_until_somebody_listens(taken: int) -> None:
    assert not is_free(taken, timeout=0)
    with socket.create_server((HOST, 0)) as server:
        free = server.getsockname()[1]
    assert is_free(free, timeout=0)


def test_a_taken_port_is_told_with_another_to_try(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(
        SystemExit, match=f"^Port {taken} is taken by another program.*make run PORT={taken + 1}$"
    ):
        chosen_port()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "८०००"])
def test_an_invalid_port_is_reported(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SystemExit, match=f"^PORT is {text}: "):
        chosen_port()


def test_make_run_tells_before_it_installs_or_builds(taken: int) -> None:
    outside_make = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    asked = subprocess.run(
        ["make", "run", f"PORT={taken}"],
        cwd=ROOT,
        env=outside_make,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert asked.returncode == 2
    assert asked.stdout == ""
    assert asked.stderr.startswith(f"Port {taken} is taken")
