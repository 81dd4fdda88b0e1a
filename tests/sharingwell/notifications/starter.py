"""A process that starts workers, each as a child of its own: what they need is imported once.

`start PORT LOG` has one send to the mail server at that port and write its log there; its process id is the answer.
`wait PID` is answered when that one is over.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.template import engines
    from django.urls import get_resolver

    from sharingwell.notifications import sending  # noqa: F401
    from sharingwell.notifications.management.commands.work import Command

    engines.all(), get_resolver().url_patterns
    say("ready")
    for line in sys.stdin:
        command, number, *log = line.split(maxsplit=2)
        if command == "wait":
            os.waitpid(int(number), 0)
            say("over")
            continue
        child = os.fork()
        if child:
            say(str(child))
            continue
        signal.alarm(60)  # should it come to no end
        with Path(log[0].strip()).open("w") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
        settings.EMAIL_PORT = int(number)
        call_command(Command(), "--once")
        os._exit(0)


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
