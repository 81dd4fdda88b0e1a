"""What is done to text before it is counted and kept. Pure: values in, values out."""

import unicodedata


def with_plain_line_breaks(text: str) -> str:
    """Browsers send CRLF whatever the writer pressed; one line break is one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def can_be_saved(character: str) -> bool:
    """PostgreSQL refuses NUL and half a surrogate pair; other control characters hide what is read."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def all_can_be_saved(text: str) -> bool:
    """False when some character would have to be taken out before saving."""
    return all(map(can_be_saved, text))


def without_unsaveable(text: str) -> str:
    """The text with nothing lost but what cannot be saved."""
    return "".join(filter(can_be_saved, text))


def length(text: str) -> int:
    """As the character count on the page counts: an emoji is two or more, so both always agree."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
