"""Whether the role that serves is one that the second wall holds against. For `manage.py check --deploy --database`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

HINT = "docs/running.md says how to set up a role that owns nothing, for DATABASE_URL."
RIGHTS = """
    SELECT rolsuper, rolbypassrls, EXISTS (
        SELECT FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p')
            AND pg_has_role(current_user, relowner, 'MEMBER')
    )
    FROM pg_roles WHERE rolname = current_user
"""
WITHOUT_A_WALL = r"""
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p') AND relname ~ '^(decisions|notices)_'
        AND NOT (relrowsecurity AND relforcerowsecurity)
    ORDER BY relname
"""


@register(Tags.database, deploy=True)
def check_serving_role(databases: Any = None, **options: Any) -> list[CheckMessage]:
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        is_superuser, bypasses, owns = cursor.fetchone()
        cursor.execute(WITHOUT_A_WALL)
        open_tables = [name for (name,) in cursor.fetchall()]
    faults = [
        (
            is_superuser,
            "sharingwell.E001",
            "The database role that serves is a superuser: no row security holds for it.",
        ),
        (
            bypasses,
            "sharingwell.E002",
            "The database role that serves has BYPASSRLS: no row security holds for it.",
        ),
        (owns, "sharingwell.E003", "The database role that serves owns tables, or can become who does."),
        (open_tables, "sharingwell.E004", f"Row security is off or not forced on {', '.join(open_tables)}."),
    ]
    return [Error(message, hint=HINT, id=name) for found, name, message in faults if found]
