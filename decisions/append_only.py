"""What is recorded afterwards is never altered: triggers by which PostgreSQL itself refuses, whatever the code does.

Declared in the `Meta` of each model.
"""

from __future__ import annotations

import pgtrigger

REFUSE = """
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = '{message}',
        TABLE = TG_TABLE_NAME;
"""
RECORDED_ROUND = """
    SELECT FROM decisions_round AS round
    WHERE round.decision_id = NEW.decision_id AND round.recorded_at IS NOT NULL
"""
LATEST_RECORDED_ROUND = """
    SELECT FROM decisions_round AS round
    WHERE round.id = NEW.round_id AND round.recorded_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM decisions_round AS later
        WHERE later.decision_id = round.decision_id AND later.number > round.number
    )
"""


def append_only() -> list[pgtrigger.Trigger]:
    """Rows are added and stay as they are: no update, no delete, no truncate."""
    refuse = REFUSE.format(message="What is recorded never changes. Add to it instead.")
    rows = pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=refuse,
    )
    table = pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=refuse,
    )
    return [rows, table]


def of_the_latest_recorded_round() -> pgtrigger.Trigger:
    """A row with a `round` is about one that is recorded, and that no other has followed yet."""
    return _only_of(
        LATEST_RECORDED_ROUND,
        name="of_the_latest_recorded_round",
        message="Only the latest round takes this, once it is recorded.",
    )


def of_a_recorded_decision() -> pgtrigger.Trigger:
    """A row with a `decision` is about one of which a round is recorded."""
    return _only_of(
        RECORDED_ROUND,
        name="of_a_recorded_decision",
        message="A decision takes this once a round of it is recorded.",
    )


def _only_of(rows: str, *, name: str, message: str) -> pgtrigger.Trigger:
    """Refuses a new row unless there are such rows."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"IF NOT EXISTS ({rows}) THEN {REFUSE.format(message=message)} END IF; RETURN NEW;",
    )
