"""Whole numbers that come from outside. Pure."""

LARGEST_KEY = 2**63 - 1  # of PostgreSQL's bigint


def whole_number(text: str, *, least: int = 0, most: int = LARGEST_KEY) -> int | None:
    """The number written in ASCII digits, within bounds; None for anything else.

    The digits are counted before they are read: Python refuses to read thousands.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if least <= number <= most else None
