"""`make run`: runs the whole product on this machine; all its processes end with this one.

Prepares the database, serves with the production server, starts the worker, catches the emails, and prints the URL and
the accounts.
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
    from sharingwell.serving.whole_requests import WholeRequests

BASE_DIR = Path(__file__).resolve().parents[2]
FIRST_GUIDE = BASE_DIR / "guidance" / "content" / "2026-03-20"
STARTUP_TIMEOUT = 60  # seconds


def main() -> None:
    env = Env()
    env.read_env(str(BASE_DIR / ".env"), recurse=False)
    embedded = "DATABASE_URL" not in os.environ
    demonstration = env.bool("SHARINGWELL_DEMO", embedded)
    port = chosen_port()
    os.environ.setdefault("SITE_ADDRESS", f"http://{HOST}:{port}")

    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, lambda *_: sys.exit(0))
    exit_with_parent()
    with ExitStack() as stack:
        if embedded:
            report("Starting the database, in .data/postgres")
            try:
                stack.enter_context(running_local_database(BASE_DIR / ".data" / "postgres"))
            except LocalDatabaseError as error:
                sys.exit(str(error))
        try:
            prepare(demonstration=demonstration)
        except CommandError as error:
            sys.exit(str(error))
        stack.enter_context(caught_mail())
        report("Starting the server")
        stack.enter_context(running_worker())
        serve(port, demonstration=demonstration)
        report("Stopping")


def prepare(*, demonstration: bool) -> None:
    """Migrates the database and loads the guide. Safe to repeat."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
    import django
    from django.db import OperationalError, connection

    django.setup()
    # A pool would retry for half a minute before it reports an error.
    connection.settings_dict["OPTIONS"]["pool"] = False
    report("Bringing the database up to date")
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        sys.exit(f"The database cannot be used: {error}")
    report("Loading the guide")
    load_first_guide()
    if demonstration:
        report("Adding demonstration data")
        call_command("add_demonstration_data", verbosity=0)
    connection.close()


def load_first_guide() -> None:
    """Loads the first version of the guide; keeps a published one, even where this release has another text."""
    from guidance.content.problems import BadContent
    from guidance.editing.loading import VersionTaken, load_guide

    try:
        load_guide(FIRST_GUIDE)
    except VersionTaken as error:
        report(f"{error} Going on with what is there; to begin again, remove .data/postgres.")
    except BadContent as error:
        sys.exit(f"The guide cannot be loaded. Please put right in {FIRST_GUIDE}:\n{error}")


@contextmanager
def caught_mail() -> Iterator[None]:
    """Stores emails in .data/mail, unless `EMAIL_URL` names a mail server."""
    if "EMAIL_URL" in os.environ:
        yield
        return
    folder = MailFolder(BASE_DIR / ".data" / "mail")

    def store(message: bytes) -> str:
        folder.store(message)
        return "250 Kept"

    with running_mail_server(store) as port:
        os.environ["EMAIL_URL"] = f"smtp://{HOST}:{port}"
        yield


@contextmanager
def running_worker() -> Iterator[None]:
    """Runs the worker in a child process."""
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
    """Main function of the worker process.

    Leaves its process group, so that Ctrl-C reaches only the parent. Uses the database as well, so that it stops the
    server if the parent was killed.
    """
    os.setpgid(0, 0)
    exit_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
    import django

    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            stack.enter_context(running_local_database(BASE_DIR / ".data" / "postgres"))
        django.setup()
        call_command("work")


def serve(port: int, *, demonstration: bool) -> None:
    """Serves with the production server and two processes, as a small installation would."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    # Child processes share no connection, lock or thread.
    multiprocessing.set_start_method("spawn")
    server = Granian(
        "sharingwell.dev.run:exiting_application",
        factory=True,
        address=HOST,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=65_536),
        websockets=False,
        workers=2,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )

    @server.on_startup
    def announce() -> None:
        # A closed terminal stops it, too: Granian would restart its workers on SIGHUP.
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
        threading.Thread(target=announce_when_ready, args=(port, demonstration), daemon=True).start()

    server.serve()


def announce_when_ready(port: int, demonstration: bool) -> None:
    deadline = time.monotonic() + STARTUP_TIMEOUT
    while not is_responding(port):
        if time.monotonic() > deadline:
            report(f"The server has not answered for {STARTUP_TIMEOUT} seconds: stopping.")
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
    report("Ctrl-C stops it.")


def is_responding(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def exiting_application() -> WholeRequests:
    """Application of each server process, which leaves Ctrl-C to the parent and ends with it."""
    os.setpgid(0, 0)
    exit_with_parent()
    from sharingwell.asgi import application

    return application


def exit_with_parent() -> None:
    """Stops this process when its parent has ended, even by `kill -9`."""
    parent = os.getppid()

    def watch() -> NoReturn:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
