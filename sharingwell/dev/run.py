"""`make run`: the whole product on this machine, and nothing left running afterwards.

It prepares the database, serves with the production server, starts the worker, catches the mail, and says where and as
whom to sign in.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from django.core.management import CommandError, call_command
from environs import Env

from sharingwell.dev.mail.mailbox import MailFolder
from sharingwell.dev.mail.smtp_server import running_mail_server
from sharingwell.dev.ports import HOST, chosen_port
from sharingwell.dev.postgres import LocalDatabaseError, running_local_database

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

BASE_DIR = Path(__file__).resolve().parents[2]
FIRST_GUIDE = BASE_DIR / "guidance" / "content" / "2026-03-20"
PATIENCE = 60  # seconds for the server to answer


def main() -> None:
    env = Env()
    env.read_env(str(BASE_DIR / ".env"), recurse=False)
    embedded = "DATABASE_URL" not in os.environ
    demonstration = env.bool("SHARINGWELL_DEMO", embedded)
    port = chosen_port()
    os.environ.setdefault("SITE_ADDRESS", f"http://{HOST}:{port}")

    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: sys.exit(0))
    end_with_parent()
    with ExitStack() as running:
        if embedded:
            say("Starting the database, in .data/postgres")
            try:
                running.enter_context(running_local_database(BASE_DIR / ".data" / "postgres"))
            except LocalDatabaseError as error:
                sys.exit(str(error))
        try:
            prepare(demonstration=demonstration)
        except CommandError as error:
            sys.exit(str(error))
        running.enter_context(catching_mail())
        say("Starting the server")
        running.enter_context(running_worker())
        serve(port, demonstration=demonstration)
        say("Stopping")


def prepare(*, demonstration: bool) -> None:
    """Bring the database to where the code is. Safe to repeat."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
    import django
    from django.db import OperationalError, connection

    django.setup()
    # A pool would try for half a minute before it says what is wrong.
    connection.settings_dict["OPTIONS"]["pool"] = False
    say("Bringing the database up to date")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        sys.exit(f"The database cannot be used: {error}")
    say("Loading the guide")
    load_first_guide()
    if demonstration:
        say("Adding demonstration data")
        call_command("add_demonstration_data", verbosity=0)
    connection.close()


def load_first_guide() -> None:
    """What is published here already stays as it is, though this copy of the product may bring other words."""
    from guidance.content.problems import BadContent
    from guidance.editing.loading import VersionTaken, load_guide

    try:
        load_guide(FIRST_GUIDE)
    except VersionTaken as error:
        say(f"{error} Going on with what is there; to begin again, remove .data/postgres.")
    except BadContent as error:
        sys.exit(f"The guide cannot be loaded. Please put right in {FIRST_GUIDE}:\n{error}")


@contextmanager
def catching_mail() -> Iterator[None]:
    """Keep what is sent in .data/mail, unless there is a mail server of one's own (`EMAIL_URL`)."""
    if "EMAIL_URL" in os.environ:
        yield
        return
    folder = MailFolder(BASE_DIR / ".data" / "mail")

    def keep(message: bytes) -> str:
        folder.keep(message)
        return "250 Kept"

    with running_mail_server(keep) as port:
        os.environ["EMAIL_URL"] = f"smtp://{HOST}:{port}"
        yield


@contextmanager
def running_worker() -> Iterator[None]:
    """The worker, in a process that ends with this one."""
    command = "from sharingwell.dev.run import work; work()"
    worker = subprocess.Popen([sys.executable, "-c", command], cwd=BASE_DIR)  # noqa: S603  # our own program
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(10)
        except subprocess.TimeoutExpired:
            worker.kill()


def work() -> None:
    """Ctrl-C in a terminal reaches every process: this one leaves it to its parent.

    It holds the database, too: where the parent was killed, it is stopped by the last that held it.
    """
    os.setpgid(0, 0)
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
    import django

    with ExitStack() as running:
        if "DATABASE_URL" not in os.environ:
            running.enter_context(running_local_database(BASE_DIR / ".data" / "postgres"))
        django.setup()
        call_command("work")


def serve(port: int, *, demonstration: bool) -> None:
    """Serve until told to stop, with the production server and two processes, as a small installation would."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # The processes begin anew: they share no connection, lock or thread.
    multiprocessing.set_start_method("spawn")
    server = Granian(
        "sharingwell.dev.run:application_that_ends_with_its_parent",
        factory=True,
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=6,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )

    @server.on_startup
    def begin() -> None:
        # A closed terminal ends it too: the server would take that signal to mean that it should start afresh.
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
        threading.Thread(target=announce_when_ready, args=(port, demonstration), daemon=True).start()

    server.serve()


def announce_when_ready(port: int, demonstration: bool) -> None:
    until = time.monotonic() + PATIENCE
    while not answers(port):
        if time.monotonic() > until:
            say(f"The server has not answered for {PATIENCE} seconds: stopping.")
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(0.1)
    print(f"\nSharing well is at http://{HOST}:{port}/\n")
    if demonstration:
        from decisions.demonstration import sign_ins

        print("To try it, sign in as one of these invented people:")
        people = sign_ins()
        widths = [max(map(len, column)) for column in zip(*people, strict=True)]
        for person in people:
            print(
                "  "
                + "  ".join(text.ljust(width) for text, width in zip(person, widths, strict=True)).rstrip()
            )
        print()
    if "EMAIL_URL" in os.environ:
        print(f"Emails are caught: read them at http://{HOST}:{port}/dev/mail/\n")
    say("Ctrl-C stops it.")


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def application_that_ends_with_its_parent() -> WSGIHandler:
    """What each server process serves. Ctrl-C in a terminal reaches every process: these leave it to their parent."""
    os.setpgid(0, 0)
    end_with_parent()
    from sharingwell.wsgi import application

    return application


def end_with_parent() -> None:
    """Stop this process when the one that started it has ended, even by `kill -9`."""
    parent = os.getppid()

    def watch() -> NoReturn:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
