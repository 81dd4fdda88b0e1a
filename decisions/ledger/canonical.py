"""Canonical form of facts, which makes digests reproducible. Pure.

JSON is written as in RFC 8785 (JSON Canonicalization Scheme); this module maps values to JSON.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import rfc8785

Fact = dict[str, dict[str, Any]]


def plain(value: Any) -> Any:
    """Maps a column's value to JSON: timestamps in UTC to the microsecond, dates in ISO 8601, other values unchanged.

    Raises TypeError for unsupported types.
    """
    if isinstance(value, datetime.datetime):
        return f"{value.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    raise TypeError(f"A fact has no form for {type(value).__name__}")


def digest_of(value: dict[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal. Raises ValueError for numbers JSON cannot represent."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
