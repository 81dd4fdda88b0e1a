"""A process that records the drafts it is given, each in a child of its own that kills itself at a moment it is told.

Started once and warmed up, so that a child is there at once. It reads a draft's key and the moment: each statement has
two, before it is sent and after it was executed. A child that comes to the end says how many moments there were; then
the process says that the child is over.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


class Moments:
    """Counts the moments of all statements, and kills the process at one of them."""

    def __init__(self, killed_at: int) -> None:
        self.killed_at = killed_at
        self.passed = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self._pass()
        executed = execute(*statement)
        self._pass()
        return executed

    def _pass(self) -> None:
        if self.passed == self.killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1


def main() -> None:
    django.setup()
    from django.db import connection

    from decisions import actions
    from decisions.models import Round
    from guidance.reading import current_version, questions, rendered

    version = current_version()
    assert version is not None
    questions(version), rendered(version)
    connection.close()
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            say("over")
            continue
        key, killed_at = map(int, line.split())
        draft = Round.objects.select_related("author").get(pk=key)
        moments = Moments(killed_at)
        with connection.execute_wrapper(moments):
            actions.record_round(by=draft.author, round=draft)
        say(str(moments.passed))
        os._exit(0)


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
