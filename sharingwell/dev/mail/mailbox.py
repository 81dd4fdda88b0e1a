"""Stores messages as files, and deletes the oldest."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

MAX_MESSAGES = 200
KEY = re.compile(r"[0-9a-f]{32}")


class MailFolder:
    """One file per message, named by a hash of its Message-ID: a duplicate is stored once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, content: bytes) -> str:
        """Returns the key of the message."""
        message_id = str(message_from_bytes(content, policy=policy.default).get("Message-ID") or content)
        key = hashlib.sha256(message_id.encode()).hexdigest()[:32]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{key}.eml"
        if not path.exists():
            incomplete = self.folder / f"{key}.making"
            incomplete.write_bytes(content)
            incomplete.rename(path)
        for old in self._newest_first()[MAX_MESSAGES:]:
            old.unlink(missing_ok=True)
        return key

    def messages(self) -> list[tuple[str, EmailMessage]]:
        """Key and message, newest first."""
        return [(path.stem, _read(path)) for path in self._newest_first()]

    def message(self, key: str) -> EmailMessage | None:
        path = self.folder / f"{key}.eml"
        return _read(path) if KEY.fullmatch(key) and path.exists() else None

    def _newest_first(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
