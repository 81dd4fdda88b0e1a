"""Where a run keeps what it throws away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import memory
from tests.memory import ENOUGH, folder_for_what_is_thrown_away


@pytest.fixture
def lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """A system that lends so many bytes of memory, in a folder."""

    def lend(size: int) -> Path:
        monkeypatch.setattr(memory, "MEMORY", tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=size))
        return tmp_path

    return lend


def test_is_in_memory_where_enough_is_lent(lent: Callable[[int], Path]) -> None:
    folder = lent(ENOUGH)
    assert folder_for_what_is_thrown_away().parent == folder


def test_is_on_the_disk_where_little_is(lent: Callable[[int], Path]) -> None:
    lent(64 * 1024**2)
    assert folder_for_what_is_thrown_away() == memory.ROOT / ".data"


def test_is_on_the_disk_where_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "none")
    assert folder_for_what_is_thrown_away() == memory.ROOT / ".data"


def test_is_of_one_copy_of_the_project(
    lent: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent(ENOUGH)
    one = folder_for_what_is_thrown_away()
    assert one == folder_for_what_is_thrown_away()
    monkeypatch.setattr(memory, "ROOT", tmp_path)
    assert one != folder_for_what_is_thrown_away()
