"""How long many emails take to be queued and to be sent, and how much memory.

    .venv/bin/python -m benchmarks.emails 5000

A database and a mail server of its own are made and thrown away. Half-way the worker is killed, and another goes on.
One more person has chosen the daily email, and is told as many things. It ends with an error if one email did not
come, or more came twice than the one at which the worker was killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 50


def main(many: int) -> None:
    from sharingwell.dev.mail.smtp_server import running_mail_server
    from sharingwell.dev.postgres import running_local_database
    from tests.sharingwell.notifications.mail_server import MailServer

    server = MailServer()
    with (
        TemporaryDirectory() as folder,
        running_local_database(Path(folder) / "postgres", throwaway=True) as address,
        running_mail_server(server.take) as port,
    ):
        os.environ.update(
            OWNER_DATABASE_URL=address, SHARINGWELL_LOCAL="true", EMAIL_URL=f"smtp://127.0.0.1:{port}"
        )
        os.environ["DATABASE_URL"] = address.replace("//postgres@", "//sharingwell_app@")
        os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")
        import django

        django.setup()
        fill(many)
        send(many + 1, server)


def fill(many: int) -> None:
    from django.core.management import call_command

    from sharingwell.accounts.models import Organisation, Team, User
    from sharingwell.notifications.actions import make_digests, notify
    from sharingwell.notifications.models import Kind
    from sharingwell.tenancy.current import use_organisation

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(name="Benchmark")
    team = Team.objects.create(organisation=organisation, name="All of them")
    people = [
        User.objects.create_user(f"person-{number}@benchmark.example", name=f"Person {number}", team=team)
        for number in range(PEOPLE)
    ]
    daily = User.objects.create_user(
        "daily@benchmark.example", name="Daily", team=team, email_frequency=User.EmailFrequency.DAILY
    )
    for what, told in [("emails queued", people), ("notifications for a daily email", [daily])]:
        began = time.perf_counter()
        for number in range(many):
            notify(
                to=told[number % len(told)],
                kind=Kind.LOOK_AGAIN,
                path=f"/{number}/",
                event_key=f"event-{number}",
            )
        print(f"{many} {what} in {time.perf_counter() - began:.0f} s", flush=True)
    with use_organisation(organisation):
        assert make_digests() == 1


def send(many: int, server: object) -> None:
    from django.db import connection

    ids: list[str] = server.message_ids  # type: ignore[attr-defined]
    began = time.perf_counter()
    worker, memory = start(), []
    while len(ids) < many // 2:
        time.sleep(0.1)
        if len(ids) > many // 10:
            memory.append(resident(worker))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    print(f"{len(ids)} sent, then killed: {memory[0]} MB at first, {memory[-1]} MB in the end", flush=True)
    with connection.cursor() as cursor:  # as half a minute without a sign of life would
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )
    start().wait()
    twice = {each: times for each, times in Counter(ids).items() if times > 1}
    print(f"{len(set(ids))} sent in {time.perf_counter() - began:.0f} s, {len(twice)} of them twice")
    if len(set(ids)) != many or len(twice) > 1:
        sys.exit("Not each of them was sent once.")


def start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "work", "--once"], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def resident(worker: subprocess.Popen[bytes]) -> int:
    """In MB."""
    lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5000)
