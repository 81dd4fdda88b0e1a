"""Detects personal identifiers in text. Pure.

The log should hold a case reference and never a person's name or number. Detection can be wrong, so it only warns: the
writer removes the identifier or gives a reason for it.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from stdnum.gb import nhs


class Kind(StrEnum):
    NHS_NUMBER = "an NHS number"
    NATIONAL_INSURANCE_NUMBER = "a National Insurance number"
    EMAIL = "an email address"
    PHONE = "a phone number"
    POSTCODE = "a postcode"
    DATE_OF_BIRTH = "a date of birth"
    NAME = "a name"


@dataclass(frozen=True)
class Identifier:
    """`start` and `end` are its slice of the text."""

    kind: Kind
    text: str
    start: int
    end: int


REMOVED = "[removed]"
OLDEST = datetime.timedelta(days=365 * 120)
YOUNGEST = datetime.timedelta(days=365)  # more recent dates are more likely to concern the matter

TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
# GOV.UK, "National Insurance number format": two letters, six digits, one of A to D.
NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)
MONTHS = [name.lower() for name in calendar.month_name[1:]]
DATE = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[ ./-](\d{1,2}|"
    + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS)
    + r")[ ./,-]*(\d{4}|\d{2})\b",
    re.IGNORECASE,
)
NAME = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Rev)\.? (?:[A-Z][\w'’-]*\.? ){0,2}[A-Z][\w'’-]+")


def find_identifiers(
    text: str, *, names: bool = False, today: datetime.date | None = None
) -> tuple[Identifier, ...]:
    """Finds possible identifiers, in order of position, without overlaps.

    `names` also finds “Mrs … Surname”, which a short summary should not hold. `today` defaults to the current day.
    """
    found = [
        *_all(Kind.EMAIL, EMAIL, text),
        *_all(Kind.NATIONAL_INSURANCE_NUMBER, NATIONAL_INSURANCE, text),
        *(each for each in _all(Kind.NHS_NUMBER, TEN_DIGITS, text) if nhs.is_valid(each.text)),
        *_dates_of_birth(text, today or datetime.date.today()),  # noqa: DTZ011  # a day more or less does not matter
        *_phone_numbers(text),
        *_all(Kind.POSTCODE, POSTCODE, text),
        *(_all(Kind.NAME, NAME, text) if names else ()),
    ]
    identifiers: list[Identifier] = []
    for each in found:  # most reliable kind first
        if all(each.end <= other.start or other.end <= each.start for other in identifiers):
            identifiers.append(each)
    return tuple(sorted(identifiers, key=lambda each: each.start))


def describe_identifiers(text: str, *, names: bool = False) -> str:
    """Describes the possible identifiers in a text; empty if there are none."""
    found = find_identifiers(text, names=names)
    return ", ".join(dict.fromkeys(f"{each.kind} (“{each.text}”)" for each in found))


def without_identifiers(text: str, *, names: bool = False) -> str:
    """Replaces each possible identifier with “[removed]”."""
    for each in reversed(find_identifiers(text, names=names)):
        text = text[: each.start] + REMOVED + text[each.end :]
    return text


def _all(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Identifier]:
    for match in pattern.finditer(text):
        yield Identifier(kind, match[0], match.start(), match.end())


def _phone_numbers(text: str) -> Iterator[Identifier]:
    for match in phonenumbers.PhoneNumberMatcher(text, "GB"):
        yield Identifier(Kind.PHONE, match.raw_string, match.start, match.end)


def _dates_of_birth(text: str, today: datetime.date) -> Iterator[Identifier]:
    """Finds dates on which a living person may have been born, except recent ones."""
    for match in DATE.finditer(text):
        day = _day(match[1], match[2], match[3], today)
        if day and today - OLDEST < day < today - YOUNGEST:
            yield Identifier(Kind.DATE_OF_BIRTH, match[0], match.start(), match.end())


def _day(day: str, month: str, year: str, today: datetime.date) -> datetime.date | None:
    number = int(month) if month.isdigit() else [m[:3] for m in MONTHS].index(month[:3].lower()) + 1
    full_year = (
        int(year) if len(year) == 4 else 2000 + int(year) - (100 if 2000 + int(year) > today.year else 0)
    )
    try:
        return datetime.date(full_year, number, int(day))
    except ValueError:
        return None
