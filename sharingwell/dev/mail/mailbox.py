"""Messages as files, the newest of them kept."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

KEPT = 200
KEY = re.compile(r"[0-9a-f]{32}")


class MailFolder:
    """One file a message, named by the message's own id: a message that comes twice is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Gives the key under which it is kept."""
        name = str(message_from_bytes(content, policy=policy.default).get("Message-ID") or content)
        key = hashlib.sha256(name.encode()).hexdigest()[:32]
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = self.folder / f"{key}.eml"
        if not whole.exists():
            making = self.folder / f"{key}.making"
            making.write_bytes(content)
            making.rename(whole)
        for old in self._newest_first()[KEPT:]:
            old.unlink(missing_ok=True)
        return key

    def messages(self) -> list[tuple[str, EmailMessage]]:
        """The newest first, each with its key."""
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
