from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from decisions import actions
from decisions.models import Round
from tests.decisions.factories import recorded_round, state_all_that_can_follow
from tests.guidance.factories import load_first_version


@pytest.fixture
def recorded(db: None) -> Round:
    return record_and_state_all()


def record_and_state_all() -> Round:
    """Two rounds in each of two organisations; the last, which it gives, with what came after and three looks."""
    load_first_version()
    for _ in range(2):
        recorded_round(author=recorded_round(summary="Before").author)
    round = Round.objects.recorded().latest("pk")
    for kind in ["received", "acted-on"]:
        actions.add_follow_up(by=round.author, decision=round.decision, kind=kind)
    state_all_that_can_follow(round)
    for page in ["decisions:round", "decisions:copy"]:
        actions.log_access(
            by=round.author, decision=round.decision, round_number=1, page=page, channel="page"
        )
    return round


def verify(*checkpoints: str | Path) -> tuple[str, int]:
    """What `verify_ledger` prints, and its exit code."""
    printed = StringIO()
    arguments = [word for each in checkpoints for word in ["--checkpoint", str(each)]]
    try:
        call_command("verify_ledger", *arguments, stdout=printed)
    except SystemExit as ending:
        return printed.getvalue(), int(ending.code or 0)
    return printed.getvalue(), 0


def checkpoint() -> str:
    printed = StringIO()
    call_command("ledger_checkpoint", stdout=printed)
    return printed.getvalue()
