"""What is done to text before it is counted and kept. Pure: values in, values out."""

import re

# Control characters but for tab and line feed, and halves of a surrogate pair (Unicode categories Cc and Cs).
UNSAVEABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def with_plain_line_breaks(text: str) -> str:
    """Browsers send CRLF whatever the writer pressed; one line break is one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def all_can_be_saved(text: str) -> bool:
    """Whether PostgreSQL takes the text and no control character hides in it."""
    return UNSAVEABLE.search(text) is None


def without_unsaveable(text: str) -> str:
    """The text with nothing lost but what cannot be saved."""
    return UNSAVEABLE.sub("", text)


def length(text: str) -> int:
    """As the character count on the page counts: an emoji is two or more, so both always agree."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
