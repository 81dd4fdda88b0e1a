"""Email backends, and their failures."""

from __future__ import annotations

import datetime
import json
import smtplib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from sharingwell.accounts.models import User
from sharingwell.notifications.checks import check_emails
from sharingwell.notifications.failures import NotifyRefused
from sharingwell.notifications.models import Email, Notification
from sharingwell.notifications.retry import delay_after
from sharingwell.notifications.tasks import RETRY
from tests.sharingwell.notifications.queue import send_all

Tell = Callable[..., Notification | None]
KEY = "sharingwell-00000000-0000-4000-8000-000000000000-00000000-0000-4000-8000-000000000001"
TEMPLATE = "00000000-0000-4000-8000-000000000002"


class ServerThatAcceptsAndFails(EmailBackend):
    """Accepts the message, then replies 421: delivery is unknown."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise smtplib.SMTPDataError(421, b"person@northmoor.example: try again later")


class ServerThatRefuses(EmailBackend):
    error: Exception = OSError()

    def send_messages(self, messages: Any) -> int:
        raise self.error


REFUSALS = [
    smtplib.SMTPRecipientsRefused({"person@northmoor.example": (550, b"no such person")}),
    smtplib.SMTPDataError(554, b"person@northmoor.example: refused"),
    NotifyRefused(400),
]


class Notify:
    """API of GOV.UK Notify, behind a session of `requests`."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.goes_down_after_taking = False

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code = 200
        content: dict[str, Any] = {}
        if method == "POST":
            self.taken.append(json.loads(given["data"]))
            if self.goes_down_after_taking:
                self.goes_down_after_taking = False
                raise requests.ConnectionError("person@northmoor.example")
        else:
            reference = given["params"]["reference"]
            content = {"notifications": [each for each in self.taken if each["reference"] == reference]}
        answer._content = json.dumps(content).encode()
        return answer


class TestByNotify:
    @pytest.fixture
    def notify(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Notify:
        settings.EMAIL_BACKEND = "sharingwell.notifications.govuk_notify.IdempotentNotifyBackend"
        settings.GOVUK_NOTIFY_API_KEY = KEY
        settings.GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID = TEMPLATE
        notify = Notify()
        monkeypatch.setattr(requests, "Session", lambda: notify)
        return notify

    def test_goes_subject_and_body_with_the_emails_own_reference(
        self, tell: Tell, person: User, notify: Notify
    ) -> None:
        tell()
        send_all()
        [taken] = notify.taken
        assert (taken["email_address"], taken["template_id"]) == (person.email, TEMPLATE)
        assert taken["personalisation"]["subject"] == "Somebody asks for your advice"
        assert "SW-2345-6789" in taken["personalisation"]["body"]
        assert str(Email.objects.get().message_id) in taken["reference"]

    def test_goes_once_when_its_answer_was_not_heard(
        self, tell: Tell, notify: Notify, caplog: pytest.LogCaptureFixture
    ) -> None:
        tell()
        notify.goes_down_after_taking = True
        with pytest.raises(OSError, match="Notify answered 503") as refused:
            send_all()
        assert refused.value.__cause__ is None
        assert not Email.objects.get().sent_at
        send_all()
        assert len(notify.taken) == 1
        assert Email.objects.get().sent_at
        assert "northmoor" not in caplog.text


class TestAServerThatFails:
    def test_after_it_accepted_is_tried_again_with_the_same_name(self, tell: Tell, settings: Any) -> None:
        tell()
        settings.EMAIL_BACKEND = f"{__name__}.ServerThatAcceptsAndFails"
        with pytest.raises(smtplib.SMTPDataError):
            send_all()
        assert not Email.objects.get().sent_at
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        send_all()
        first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
        assert first == second
        assert Email.objects.get().sent_at

    @pytest.mark.parametrize(
        "error",
        [
            smtplib.SMTPServerDisconnected("gone"),
            smtplib.SMTPDataError(452, b"no room"),
            smtplib.SMTPRecipientsRefused({"somebody@northmoor.example": (450, b"greylisted")}),
            smtplib.SMTPAuthenticationError(535, b"who are you?"),
            smtplib.SMTPSenderRefused(550, b"not from you", "us@northmoor.example"),
            NotifyRefused(503),
            NotifyRefused(403),
        ],
    )
    def test_for_now_is_tried_at_growing_delays_for_days(self, error: Exception) -> None:
        delays = []
        while (delay := delay_after(len(delays), error)) is not None:
            delays.append(delay)
        assert delays[0] == datetime.timedelta(minutes=1)
        assert delays == sorted(delays)
        assert delays[-1] == datetime.timedelta(hours=2)
        assert datetime.timedelta(days=5) < sum(delays, datetime.timedelta()) < datetime.timedelta(days=8)

    @pytest.mark.parametrize("error", REFUSALS)
    def test_for_good_is_tried_for_less_than_an_hour_and_given_up(
        self,
        error: Exception,
        tell: Tell,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setattr(ServerThatRefuses, "error", error)
        settings.EMAIL_BACKEND = f"{__name__}.ServerThatRefuses"
        tell()
        waited, attempts = datetime.timedelta(), 0
        while not Email.objects.failed().exists():
            waited += delay_after(attempts, error) or datetime.timedelta()
            with pytest.raises(type(error)):
                send_all(attempts)
            attempts += 1
        assert attempts == 5
        assert waited < datetime.timedelta(hours=1)
        job: Any = SimpleNamespace(attempts=attempts - 1)
        assert RETRY.get_retry_decision(exception=error, job=job) is None
        send_all(attempts)  # a second job for it would find it given up
        assert f"Email {Email.objects.get().pk} was given up." in caplog.text
        assert "northmoor" not in caplog.text


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, set()),
        ({"GOVUK_NOTIFY_API_KEY": KEY}, {"sharingwell.E005"}),
        ({"GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID": TEMPLATE}, {"sharingwell.E005"}),
        ({"GOVUK_NOTIFY_API_KEY": KEY, "GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID": TEMPLATE}, set()),
        ({"EMAIL_HOST": "mail.example"}, {"sharingwell.E006"}),
        ({"EMAIL_HOST": "mail.example", "DEFAULT_FROM_EMAIL": "us@northmoor.example"}, set()),
        ({"SITE_ADDRESS": "https:"}, {"sharingwell.E007"}),
    ],
)
def test_incomplete_settings_fail_the_deployment_check(
    changed: dict[str, str], faults: set[str], settings: Any
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert {fault.id for fault in check_emails()} == faults
