"""The one way to write a fact down, so that its digest is the same wherever it is computed. Pure.

RFC 8785 (JSON Canonicalization Scheme) says how JSON is written; here it says how values become JSON.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

import rfc8785

Fact = dict[str, dict[str, Any]]


def plain(value: Any) -> Any:
    """The value of a column as JSON: a moment in UTC to the microsecond, a day in ISO 8601, everything else as it is.

    Raises TypeError for what has no form yet.
    """
    if isinstance(value, datetime.datetime):
        return f"{value.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    raise TypeError(f"A fact has no form for {type(value).__name__}")


def digest_of(value: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical form.

    Raises ValueError where there is none: a number JSON cannot hold.
    """
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
