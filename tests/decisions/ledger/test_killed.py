"""A process killed while recording leaves either the complete record or the draft."""

from __future__ import annotations

import os
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


def _record(process: subprocess.Popen[str], draft: Round, killed_at: int) -> int | None:
    """Gives how many moments there were, unless the process that records is killed at one of them."""
    assert process.stdin is not None
    print(draft.pk, killed_at, file=process.stdin, flush=True)
    word = _next(process)
    if word == "over":
        return None
    assert _next(process) == "over"
    return int(word)


def test_killed_at_any_moment_of_recording(recorder: subprocess.Popen[str]) -> None:
    author = PersonFactory()
    outcomes = []
    killed_at, moments = 0, None
    while moments is None:
        draft = DraftFactory(decision=DecisionFactory(author=author), answers=ANSWERS)
        moments = _record(recorder, draft, killed_at=killed_at)
        outcomes.append(_all_or_none(draft.pk))
        killed_at += 1

    assert moments > 10
    assert outcomes == [*["none"] * moments, "all"]
    assert LedgerEntry.objects.get().sequence == 1
    assert not list(Verification().faults())


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
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.005)
    pytest.fail("PostgreSQL still works for a process that was killed.")
