"""The worker process: it uses the application role, and may be killed at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.accounts.models import User
from sharingwell.dev.mail.smtp_server import running_mail_server
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.notifications.models import Email, Notification
from tests.addresses import address_of
from tests.databases import wait_until_another_waits
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.notifications.mail_server import MailServer

ROOT = Path(__file__).resolve().parents[3]
Tell = Callable[..., Notification | None]


class Worker:
    """Worker process that stops when the queue is empty, a child of the starter."""

    def __init__(self, starter: subprocess.Popen[str], port: int, log: Path) -> None:
        self.starter = starter
        self.log = log
        self.is_over = False
        self.pid = int(self._ask(f"start {port} {log}"))

    def _ask(self, words: str) -> str:
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        print(words, file=self.starter.stdin, flush=True)
        answer = self.starter.stdout.readline()
        assert answer, "The starter has ended"
        return answer.strip()

    def finish(self) -> str:
        """Its log, when it is over."""
        if not self.is_over:
            assert self._ask(f"wait {self.pid}") == "over"
            self.is_over = True
        return self.log.read_text()

    def kill(self) -> None:
        if not self.is_over:
            os.kill(self.pid, signal.SIGKILL)
            self.finish()


Work = Callable[[], Worker]


@pytest.fixture
def person(transactional_db: None) -> User:
    return PersonFactory()


@pytest.fixture(scope="module")
def environment(django_db_setup: None) -> dict[str, str]:
    """Settings of production and the application role."""
    served = {**connection.settings_dict, "USER": LOCAL_APPLICATION_ROLE, "PASSWORD": ""}
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sharingwell.settings",
        "SHARINGWELL_LOCAL": "true",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        "DATABASE_URL": address_of(served),
        "EMAIL_URL": "smtp://127.0.0.1",
    }


@pytest.fixture(scope="module")
def starter(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sharingwell.notifications.starter"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def port(server: MailServer) -> Iterator[int]:
    with running_mail_server(server.take) as port:
        yield port


@pytest.fixture
def work(starter: subprocess.Popen[str], server: MailServer, port: int, tmp_path: Path) -> Iterator[Work]:
    """Starts a worker."""
    workers: list[Worker] = []

    def start() -> Worker:
        workers.append(Worker(starter, port, tmp_path / f"{len(workers)}.log"))
        return workers[-1]

    yield start
    server.may_answer.set()
    for worker in workers:
        worker.kill()


def test_sends_what_is_queued_and_leaves_no_trace_in_the_log(
    tell: Tell, person: User, server: MailServer, port: int, environment: dict[str, str]
) -> None:
    """Runs the management command."""
    tell()
    tell(to=PersonFactory(), event_key="another")
    log = subprocess.run(
        [sys.executable, "manage.py", "work", "--once"],
        cwd=ROOT,
        env={**environment, "EMAIL_URL": f"smtp://127.0.0.1:{port}"},
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    ).stderr
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
    log = work().finish()
    job = ProcrastinateJob.objects.get(task_name="send_email")
    assert (job.status, job.attempts) == ("todo", 1)
    assert f"Email {Email.objects.get().pk} could not be sent: SMTPDataError" in log
    assert person.email not in log
    make_due(job)
    work().finish()
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
                cursor.execute("LOCK TABLE notifications_email IN SHARE MODE")
            server.may_answer.set()
            wait_until_another_waits()
            worker.kill()
    else:
        worker.kill()
    server.may_answer.set()
    assert not Email.objects.get().sent_at
    assert ProcrastinateJob.objects.get(task_name="send_email").status == "doing"

    forget_the_killed()
    work().finish()
    assert Email.objects.get().sent_at
    assert not ProcrastinateJob.objects.filter(task_name="send_email").exists()
    assert set(server.message_ids) == {f"<{Email.objects.get().message_id}@127.0.0.1>"}


def test_two_running_workers_send_one_email_once(tell: Tell, work: Work, server: MailServer) -> None:
    """The first was slow, and its job was given to a second."""
    tell()
    server.may_answer.clear()
    slow = work()
    assert server.has_message.wait(60)
    forget_the_killed()
    other = work()
    wait_until_another_waits()
    assert Email.objects.pending().exists()
    server.may_answer.set()
    for worker in [slow, other]:
        worker.finish()
    assert server.message_ids == [f"<{Email.objects.get().message_id}@127.0.0.1>"]
    assert not ProcrastinateJob.objects.filter(task_name="send_email").exists()


def forget_the_killed() -> None:
    """Simulates half a minute without a heartbeat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
        )


def make_due(job: ProcrastinateJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE id = %s", [job.pk])
