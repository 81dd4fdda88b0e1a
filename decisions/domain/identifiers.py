"""Text that seems to say who someone is. Pure.

The log should hold a case reference and never a person's name or number. What is found here is pointed out to the
writer, who takes it out or says why it is needed: it may be wrong, so it never decides.

The work grows with the length of the text and no faster: each run of letters is read once, whatever stands in it.
"""

from __future__ import annotations

import calendar
import datetime
import re
from bisect import bisect
from collections.abc import Iterable, Iterator
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
    """`start` and `end` are its place in the text, as of a slice."""

    kind: Kind
    text: str
    start: int
    end: int


REMOVED = "[removed]"
OLDEST = datetime.timedelta(days=365 * 120)
YOUNGEST = datetime.timedelta(days=365)  # a date of the last year is more likely to be about the matter

TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
# GOV.UK, "National Insurance number format": two letters, six digits, one of A to D.
NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    re.IGNORECASE,
)
# Every run of letters that an address may begin with is matched, an address or not, so that none is read twice.
EMAIL = re.compile(r"[\w.+'-]++(?P<domain>@[\w-]++(?:\.[\w-]++)+)?")
POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)
MONTHS = [name.lower() for name in calendar.month_name[1:]]
DATE = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[ ./-](\d{1,2}|"
    + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS)
    + r")[ ./,-]*+(\d{4}|\d{2})\b",
    re.IGNORECASE,
)
NAME = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Rev)\.? (?:[A-Z][\w'’-]*\.? ){0,2}[A-Z][\w'’-]+")


def find_identifiers(
    text: str, *, names: bool = False, today: datetime.date | None = None
) -> tuple[Identifier, ...]:
    """What seems to say who someone is, in its order, no two overlapping.

    `names` also looks for “Mrs … Surname”, as a short summary should not hold. `today` is today unless said otherwise.
    """
    found = [
        *_email_addresses(text),
        *_all(Kind.NATIONAL_INSURANCE_NUMBER, NATIONAL_INSURANCE, text),
        *(each for each in _all(Kind.NHS_NUMBER, TEN_DIGITS, text) if nhs.is_valid(each.text)),
        *_dates_of_birth(text, today or datetime.date.today()),  # noqa: DTZ011  # the day is enough
        *_phone_numbers(text),
        *_all(Kind.POSTCODE, POSTCODE, text),
        *(_all(Kind.NAME, NAME, text) if names else ()),
    ]
    return _without_overlaps(found)  # the surest kind first


def describe_identifiers(text: str, *, names: bool = False) -> str:
    """What in a text looks as if it said who someone is, in words; empty where nothing does."""
    found = find_identifiers(text, names=names)
    return ", ".join(dict.fromkeys(f"{each.kind} (“{each.text}”)" for each in found))


def without_identifiers(text: str, *, names: bool = False) -> str:
    """The text with “[removed]” in the place of each."""
    pieces, at = [], 0
    for each in find_identifiers(text, names=names):
        pieces += [text[at : each.start], REMOVED]
        at = each.end
    return "".join([*pieces, text[at:]])


def _without_overlaps(found: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """In their order in the text. Where two overlap, the one found first stays."""
    kept: list[Identifier] = []
    for each in found:
        at = bisect(kept, each.start, key=lambda other: other.start)
        if (at == 0 or kept[at - 1].end <= each.start) and (at == len(kept) or each.end <= kept[at].start):
            kept.insert(at, each)
    return tuple(kept)


def _all(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Identifier]:
    for match in pattern.finditer(text):
        yield Identifier(kind, match[0], match.start(), match.end())


def _email_addresses(text: str) -> Iterator[Identifier]:
    for match in EMAIL.finditer(text):
        if match["domain"]:
            yield Identifier(Kind.EMAIL, match[0], match.start(), match.end())


def _phone_numbers(text: str) -> Iterator[Identifier]:
    for match in phonenumbers.PhoneNumberMatcher(text, "GB"):
        yield Identifier(Kind.PHONE, match.raw_string, match.start, match.end)


def _dates_of_birth(text: str, today: datetime.date) -> Iterator[Identifier]:
    """Days on which somebody alive may have been born, but for those too recent to tell from other dates."""
    for match in DATE.finditer(text):
        day = _day(match[1], match[2], match[3], today)
        if day and today - OLDEST < day < today - YOUNGEST:
            yield Identifier(Kind.DATE_OF_BIRTH, match[0], match.start(), match.end())


def _day(day: str, month: str, year: str, today: datetime.date) -> datetime.date | None:
    number = int(month) if month.isdigit() else [m[:3] for m in MONTHS].index(month[:3].casefold()) + 1
    full_year = (
        int(year) if len(year) == 4 else 2000 + int(year) - (100 if 2000 + int(year) > today.year else 0)
    )
    try:
        return datetime.date(full_year, number, int(day))
    except ValueError:
        return None
