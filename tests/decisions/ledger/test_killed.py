"""A process killed while recording leaves either the complete record or the draft."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from decisions.ledger.verification import Verification
from decisions.models import LedgerEntry, Round
from tests.addresses import address_of
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

ROOT = Path(__file__).resolve().parents[3]
KILLS = 54
NAME = "to_be_killed"
ANSWERS = {**ENOUGH_TO_RECORD, "what.request": "Whether the room is held"}


@pytest.fixture
def recorder(transactional_db: None) -> Iterator[subprocess.Popen[str]]:
    load_first_version()
    at = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address_of(at),
        "PGAPPNAME": NAME,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.decisions.ledger.recorder"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert _next(process) == "ready"
        yield process
        process.kill()


def _next(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "The recorder has ended"
    return line.strip()


def _ask(process: subprocess.Popen[str], key: int) -> int:
    """Have this draft recorded; gives the process that does it."""
    assert process.stdin is not None
    print(key, file=process.stdin, flush=True)
    word, child = _next(process).split()
    assert word == "child"
    return int(child)


def test_killed_at_any_moment_of_recording(recorder: subprocess.Popen[str]) -> None:
    author = PersonFactory()
    drafts = [
        DraftFactory(decision=DecisionFactory(author=author), answers=ANSWERS).pk for _ in range(KILLS + 3)
    ]
    patience = max(_time_of_one(recorder, key) for key in drafts[:3])
    outcomes = []
    for number, key in enumerate(drafts[3:]):
        child = _ask(recorder, key)
        assert _next(recorder) == f"begin {key}"
        time.sleep(1.5 * patience * number / KILLS)  # from the first moment to after the last
        _kill(recorder, child)
        outcomes.append(_all_or_none(key))

    assert len(outcomes) >= 50
    assert set(outcomes) == {"all", "none"}
    recorded = LedgerEntry.objects.count()
    assert recorded == outcomes.count("all") + 3
    assert list(LedgerEntry.objects.values_list("sequence", flat=True)) == list(range(1, recorded + 1))
    assert not list(Verification().faults())


def _time_of_one(process: subprocess.Popen[str], key: int) -> float:
    """Seconds that recording takes where nobody disturbs it."""
    child = _ask(process, key)
    assert _next(process) == f"begin {key}"
    began = time.monotonic()
    assert _next(process) == f"end {key}"
    took = time.monotonic() - began
    _kill(process, child)
    return took


def _kill(process: subprocess.Popen[str], child: int) -> None:
    os.kill(child, signal.SIGKILL)
    while _next(process) != "over":
        pass


def _all_or_none(key: int) -> str:
    """Which it was, once PostgreSQL has noticed; fails for anything between the two."""
    _wait_until_disconnected()
    round = Round.objects.get(pk=key)
    entries = LedgerEntry.objects.filter(kind="round", subject=key).count()
    assert round.answers == ANSWERS
    if round.is_recorded:
        assert round.record is not None
        assert round.record["reference"] == round.decision.reference
        assert entries == 1
        return "all"
    assert round.record is None
    assert entries == 0
    return "none"


def _wait_until_disconnected() -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.005)
    pytest.fail("PostgreSQL still works for a process that was killed.")
