"""A process that records the drafts it is given, each in a child of its own that may be killed at any moment.

Started once and warmed up, so that a child is there at once. For each key it reads it says the child's process id,
that recording begins and that it ended, and that the child is over.
"""

from __future__ import annotations

import os
import signal
import sys

import django


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
        signal.alarm(60)  # should nobody be left to kill it
        connection.ensure_connection()
        say(f"child {os.getpid()}")
        draft = Round.objects.select_related("author").get(pk=int(line))
        say(f"begin {draft.pk}")
        actions.record_round(by=draft.author, round=draft)
        say(f"end {draft.pk}")
        signal.pause()  # until it is killed


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
