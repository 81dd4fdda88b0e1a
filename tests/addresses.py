"""Where a database is, as `DATABASE_URL` would have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode


def address_of(at: Mapping[str, Any]) -> str:
    person = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    where = quote(at["HOST"], safe="") + (f":{at['PORT']}" if at["PORT"] else "")
    options = urlencode({name: value for name, value in at["OPTIONS"].items() if isinstance(value, str)})
    return f"postgresql://{person}@{where}/{at['NAME']}?{options}"
