"""Emails of `make run` are caught and shown on this machine, and not in production."""

from __future__ import annotations

import os
import runpy
import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from sharingwell.dev.mail import mailbox
from sharingwell.dev.mail.mailbox import MailFolder
from sharingwell.dev.mail.smtp_server import running_mail_server
from tests.sharingwell.reading import heading_of, page, text_of

URLS = Path(__file__).resolve().parents[3] / "sharingwell" / "urls.py"


@pytest.fixture
def caught(tmp_path: Path, settings: Any) -> MailFolder:
    settings.CAUGHT_MAIL = tmp_path / "mail"
    return MailFolder(settings.CAUGHT_MAIL)


def message(number: int) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"What waits for you, {number}"
    message["To"] = "person@northmoor.example"
    message["Message-ID"] = f"<{number}@northmoor.example>"
    message.set_content("Open it here:\nhttp://127.0.0.1:8000/decisions/SW-2345-6789/\n")
    return message


def test_message_sent_twice_is_caught_once_and_read(caught: MailFolder, client: Client, db: None) -> None:
    def take(content: bytes) -> str:
        caught.store(content)
        return "250 Kept"

    with running_mail_server(take) as port:
        for number in [1, 2, 1]:
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.send_message(message(number), "us@northmoor.example")
    links = page(client.get("/dev/mail/")).select("main li a")
    assert {link.get_text() for link in links} == {"What waits for you, 1", "What waits for you, 2"}
    shown = client.get(links[-1]["href"])
    assert heading_of(shown) == "What waits for you, 1"
    assert "person@northmoor.example" in text_of(shown)
    assert page(shown).select_one("main a[href='http://127.0.0.1:8000/decisions/SW-2345-6789/']")


def test_newest_are_kept(caught: MailFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MAX_MESSAGES", 3)
    for number in range(5):
        key = caught.store(message(number).as_bytes())
        os.utime(caught.folder / f"{key}.eml", ns=(number, number))
    assert [str(each["Subject"])[-1] for _, each in caught.messages()] == ["4", "3", "2"]


def test_none_are_there_before_the_first_and_under_made_up_names(
    caught: MailFolder, client: Client, db: None
) -> None:
    assert "No message has been sent yet." in text_of(client.get("/dev/mail/"))
    for name in ["0" * 32, "x", "passwd"]:
        assert client.get(f"/dev/mail/{name}/").status_code == 404


def test_pages_are_not_there_in_production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin.site, "login", admin.site.login)  # what the addresses do to it is taken back
    for local in [True, False]:
        settings.LOCAL = local
        addresses = runpy.run_path(str(URLS))["urlpatterns"]
        assert any("dev/" in str(each.pattern) for each in addresses) is local
