"""Parses a date typed as day, month and year. Pure."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

PARTS = ("day", "month", "year")


@dataclass
class DateProblem(ValueError):
    """Raised for an invalid date: a code, the erroneous parts, and for `incomplete` what is missing."""

    code: str
    parts: tuple[str, ...] = PARTS
    missing: str = ""


def date_from_parts(typed: Sequence[str], *, earliest: int, latest: int) -> datetime.date | None:
    """The date, or None where nothing was typed. `earliest` and `latest` are years, inclusive. Raises DateProblem."""
    parts = {part: text.strip() for part, text in zip(PARTS, typed, strict=True)}
    missing = tuple(part for part, text in parts.items() if not text)
    if len(missing) == len(PARTS):
        return None
    if missing:
        raise DateProblem("incomplete", missing, " and ".join(missing))

    numbers = {part: int(text) for part, text in parts.items() if re.fullmatch(r"[0-9]{1,4}", text)}
    wrong = tuple(part for part in PARTS if part not in numbers or not plausible(part, numbers[part]))
    if wrong:
        raise DateProblem("invalid", wrong)
    if len(parts["year"]) < 4:
        raise DateProblem("short_year", ("year",))
    try:
        date = datetime.date(numbers["year"], numbers["month"], numbers["day"])
    except ValueError:
        # For example 31 February: each part is valid alone.
        raise DateProblem("invalid") from None
    if not earliest <= date.year <= latest:
        raise DateProblem("out_of_range", ("year",))
    return date


def plausible(part: str, number: int) -> bool:
    """Whether the number is in the range of this part."""
    return {"day": 1 <= number <= 31, "month": 1 <= number <= 12, "year": number >= 0}[part]
