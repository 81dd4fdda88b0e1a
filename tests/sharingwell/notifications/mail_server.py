"""Mail server for tests that can be stopped during a message."""

from __future__ import annotations

import threading
from email import message_from_bytes

ACCEPTED = "250 OK"


class MailServer:
    """Stores the Message-ID of accepted messages; replies with `answers` first, if there are any."""

    def __init__(self) -> None:
        self.message_ids: list[str] = []
        self.has_message = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.answers: list[str] = []

    def take(self, content: bytes) -> str:
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        if answer == ACCEPTED:
            self.message_ids.append(str(message_from_bytes(content)["Message-ID"]))
        self.has_message.set()
        self.may_answer.wait(20)
        return answer
