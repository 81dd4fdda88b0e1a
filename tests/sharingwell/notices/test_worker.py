"""The worker as a process: it serves with the role that owns nothing, and may be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.accounts.models import User
from sharingwell.local_database import LOCAL_APPLICATION_ROLE
from sharingwell.local_mail.catcher import running_mail_server
from sharingwell.notices.models import Email, Notice
from tests.addresses import address_of
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.notices.mail_server import MailServer

ROOT = Path(__file__).resolve().parents[3]
Tell = Callable[..., Notice | None]
Work = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def person(transactional_db: None) -> User:
    return PersonFactory()


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def work(server: MailServer) -> Iterator[Work]:
    """Start a worker that stops when there is nothing left to do."""
    workers = []
    with running_mail_server(server.take) as port:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "sharingwell.settings",
            "SHARINGWELL_LOCAL": "true",
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "DATABASE_URL": address_of(
                {**connection.settings_dict, "USER": LOCAL_APPLICATION_ROLE, "PASSWORD": ""}
            ),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }

        def start() -> subprocess.Popen[str]:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "work", "--once"],
                cwd=ROOT,
                env=environment,
                stderr=subprocess.PIPE,
                text=True,
            )
            workers.append(worker)
            return worker

        yield start
        server.may_answer.set()
        for worker in workers:
            worker.kill()
            worker.communicate(timeout=20)


def test_sends_what_is_queued_and_leaves_no_trace_in_the_log(
    tell: Tell, person: User, work: Work, server: MailServer
) -> None:
    tell()
    tell(to=PersonFactory(), fact="another")
    _, log = work().communicate(timeout=60)
    assert len(server.message_ids) == 2
    assert not ProcrastinateJob.objects.filter(task_name="send_email").exists()
    assert f"Email {Email.objects.first().pk} was sent." in log  # type: ignore[union-attr]
    for secret in [person.email, person.name, "SW-2345-6789", "advice"]:
        assert secret not in log


def test_tries_again_later_what_the_mail_server_did_not_take(
    tell: Tell, person: User, work: Work, server: MailServer
) -> None:
    tell()
    server.answers = [f"421 {person.email} cannot be served now"]
    _, log = work().communicate(timeout=60)
    job = ProcrastinateJob.objects.get(task_name="send_email")
    assert (job.status, job.attempts) == ("todo", 1)
    assert f"Email {Email.objects.get().pk} could not be sent: SMTPDataError" in log
    assert person.email not in log
    make_due(job)
    work().communicate(timeout=60)
    assert server.message_ids == [f"<{Email.objects.get().message_id}@127.0.0.1>"]


@pytest.mark.parametrize("moment", ["before it is accepted", "before it hears", "before it is written down"])
def test_killed_while_it_sends_it_is_done_by_another(
    moment: str, tell: Tell, work: Work, server: MailServer
) -> None:
    tell()
    server.may_answer.clear()
    if moment == "before it is accepted":
        server.answers = ["451 stopped"]
    worker = work()
    assert server.has_message.wait(60)
    if moment == "before it is written down":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE notices_email IN SHARE MODE")
            server.may_answer.set()
            wait_until_it_waits()
            kill(worker)
    else:
        kill(worker)
    server.may_answer.set()
    assert not Email.objects.get().sent_at
    assert ProcrastinateJob.objects.get(task_name="send_email").status == "doing"

    forget_the_killed()
    work().communicate(timeout=60)
    assert Email.objects.get().sent_at
    assert not ProcrastinateJob.objects.filter(task_name="send_email").exists()
    assert set(server.message_ids) == {f"<{Email.objects.get().message_id}@127.0.0.1>"}


def test_two_that_are_alive_send_one_email_once(tell: Tell, work: Work, server: MailServer) -> None:
    """As where one was so slow that it was taken for dead, and what it was doing given to another."""
    tell()
    server.may_answer.clear()
    slow = work()
    assert server.has_message.wait(60)
    forget_the_killed()
    other = work()
    wait_until_it_waits()
    assert Email.objects.waiting().exists()
    server.may_answer.set()
    for worker in [slow, other]:
        worker.communicate(timeout=60)
    assert server.message_ids == [f"<{Email.objects.get().message_id}@127.0.0.1>"]
    assert not ProcrastinateJob.objects.filter(task_name="send_email").exists()


def kill(worker: subprocess.Popen[str]) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=20)


def wait_until_it_waits() -> None:
    """For a lock that we hold, or another worker does."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.005)
    pytest.fail("The worker did not come to wait.")


def forget_the_killed() -> None:
    """As half a minute without a sign of life would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )


def make_due(job: ProcrastinateJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE id = %s", [job.pk])
