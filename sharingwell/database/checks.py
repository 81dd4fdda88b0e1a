"""System checks of the serving role and of the database's protections: `manage.py check --deploy --database`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from sharingwell.database.protections import missing_protections
from sharingwell.database.roles import missing_role_timeouts
from sharingwell.database.versions import NewerDatabase, unknown_migrations

HINT = "docs/running.md says how to set up a role that owns nothing, for DATABASE_URL."
ANEW = "Run migrate. If it stays, somebody took it away: put it back as the migrations have it, and ask who."
LIMITS = "Run migrate with both addresses set, and restart what keeps connections open, a pooler among them."
RIGHTS = """
    SELECT rolsuper, rolbypassrls, EXISTS (
        SELECT FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p')
            AND pg_has_role(current_user, relowner, 'MEMBER')
    )
    FROM pg_roles WHERE rolname = current_user
"""


PREPARED = "SELECT current_setting('max_prepared_transactions')::int > 0"


@register(Tags.database, deploy=True)
def check_serving_role(databases: Any = None, **options: Any) -> list[CheckMessage]:
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        is_superuser, bypasses, owns = cursor.fetchone()
        cursor.execute(PREPARED)
        (keeps_prepared,) = cursor.fetchone()
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
        (
            keeps_prepared,
            "sharingwell.E008",
            "PostgreSQL's max_prepared_transactions is not 0: a prepared one holds its locks without a connection.",
        ),
    ]
    taken_away = [f"{fault[0].upper()}{fault[1:]}" for fault in missing_protections()]
    return [
        *(Error(message, hint=HINT, id=name) for found, name, message in faults if found),
        *(Error(fault, hint=ANEW, id="sharingwell.E004") for fault in taken_away),
        *(
            Error(
                f"The database role that serves has no {name}, or too long a one.",
                hint=LIMITS,
                id="sharingwell.E005",
            )
            for name in missing_role_timeouts()
        ),
        *(Error(str(NewerDatabase([name])), id="sharingwell.E006") for name in unknown_migrations()),
    ]
