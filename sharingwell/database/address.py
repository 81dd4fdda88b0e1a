"""The address of the database, as PostgreSQL's own programs read it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

PARTS = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def parse_address(address: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address, which may name several hosts with a port each.

    Raises ImproperlyConfigured, without the address: it holds a password.
    """
    try:
        found = conninfo_to_dict(address)
    except ProgrammingError:
        found = {}
    ports = str(found.get("port", "")).split(",")
    if "dbname" not in found or not all(port.isdecimal() or not port for port in ports):
        raise ImproperlyConfigured(
            "The address of the database is not understood. Write it as postgresql://user:password@host:5432/name, "
            "with special characters in the password as %40 and so on."
        ) from None
    parts = {name: str(found.pop(part, "")) for name, part in PARTS.items()}
    return {"ENGINE": "sharingwell.database", **parts, "OPTIONS": found}
