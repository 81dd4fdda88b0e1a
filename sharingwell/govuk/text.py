"""Normalises text before it is measured and stored. Pure."""

import unicodedata


def with_plain_line_breaks(text: str) -> str:
    """Replaces CRLF, which browsers send, by LF: a line break is one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def can_be_saved(character: str) -> bool:
    """PostgreSQL rejects NUL and surrogates; other control characters are invisible."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def all_can_be_saved(text: str) -> bool:
    """Whether no character needs to be removed."""
    return all(map(can_be_saved, text))


def without_unsaveable(text: str) -> str:
    """Removes the characters that cannot be saved."""
    return "".join(filter(can_be_saved, text))


def length(text: str) -> int:
    """Length in UTF-16 code units, as the character count in the browser: an emoji has two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
