"""How long the database is waited for, by kind of work.

Requests have the limits of `SERVING`, which are defaults of the role that serves (`sharingwell.database.roles`): they
hold behind a pooler and cost no statement. Other work says its own with `use_timeouts`; the database backend sends them
with each statement. The owner of the tables has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Timeouts:
    """PostgreSQL's settings of these names, in milliseconds; 0 is no limit."""

    lock_timeout: int
    statement_timeout: int
    idle_in_transaction_session_timeout: int

    def settings(self) -> dict[str, int]:
        return asdict(self)


MINUTE = 60_000
SERVING = Timeouts(lock_timeout=3_000, statement_timeout=20_000, idle_in_transaction_session_timeout=30_000)
# What a page can be shown without.
EXTRA = Timeouts(lock_timeout=200, statement_timeout=5_000, idle_in_transaction_session_timeout=30_000)
# Jobs of the worker, one of which holds an email while a mail server takes it; files of the log.
BACKGROUND = Timeouts(
    lock_timeout=MINUTE, statement_timeout=10 * MINUTE, idle_in_transaction_session_timeout=5 * MINUTE
)
UNLIMITED = Timeouts(0, 0, 0)

_current: ContextVar[Timeouts | None] = ContextVar("timeouts", default=None)


def current_timeouts() -> Timeouts | None:
    """None for the defaults of the role."""
    return _current.get()


@contextmanager
def use_timeouts(timeouts: Timeouts) -> Iterator[None]:
    """Send these with each statement within. A transaction that is open keeps them until it ends."""
    before = _current.set(timeouts)
    try:
        yield
    finally:
        _current.reset(before)
