"""The role of PostgreSQL that the product serves with: it owns nothing, and may do what serving needs and no more."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from sharingwell.database.timeouts import SERVING

READ_ONLY = "django_migrations"
# They run as their owner: nobody may call them but who serves.
FUNCTIONS_OF_THE_OWNER = [
    "decisions_cells_of_every_organisation",
    "decisions_open_advice",
    "decisions_search_candidates",
]
TABLES_OF_THE_OWNER = [
    "decisions_search_index"
]  # outside the wall: functions and triggers of the owner alone get at them


class NoSuchRole(Exception):
    """The role is not there and we may not make it; the message says what to do."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"There is no role {role} in PostgreSQL. Let an administrator of it make one, which owns nothing and is no "
            f"superuser: CREATE ROLE {role} LOGIN PASSWORD '…'. Then run this again."
        )


def application_role() -> str | None:
    """The name of the role that `DATABASE_URL` names; None where it is the owner itself."""
    if settings.OWNER_DATABASE is None:
        return None
    role: str = settings.DATABASES["default"]["USER"]
    return role if role != settings.OWNER_DATABASE["USER"] else None


@transaction.atomic
def grant_application_role(role: str) -> None:
    """Let this role serve: read and write rows, but only add to what is append-only, and change no table.

    By the owner, after every migration: a new table is nobody's but the owner's. Raises NoSuchRole.
    """
    _make_unless_there(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in TABLES_OF_THE_OWNER]
        may_never_change = append_only_tables()
        for table in tables:
            may = may_never_change.get(table, "SELECT, INSERT, UPDATE, DELETE")
            if table == READ_ONLY:
                may = "SELECT"
            names = {"table": sql.Identifier(table), "role": sql.Identifier(role), "may": sql.SQL(may)}
            cursor.execute(sql.SQL("REVOKE ALL ON {table} FROM {role}").format(**names))
            cursor.execute(sql.SQL("GRANT {may} ON {table} TO {role}").format(**names))
        cursor.execute("SELECT current_schema")
        (schema,) = cursor.fetchone()
        names = {"schema": sql.Identifier(schema), "role": sql.Identifier(role)}
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}").format(**names)
        )
        for function in FUNCTIONS_OF_THE_OWNER:
            names["function"] = sql.Identifier(function)
            cursor.execute(sql.SQL("REVOKE ALL ON FUNCTION {function} FROM PUBLIC").format(**names))
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {function} TO {role}").format(**names))


def set_role_timeouts() -> None:
    """Give the role that is connected the limits of serving, for connections that it opens from now on.

    By that role itself: a role may do so for itself, and for another only one that may make roles.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
        for setting in missing_role_timeouts():
            names = {
                "setting": sql.Identifier(setting),
                "value": sql.Literal(SERVING.settings()[setting]),
                "database": sql.Identifier(database),
            }
            cursor.execute(sql.SQL("ALTER ROLE CURRENT_USER SET {setting} = {value}").format(**names))
            cursor.execute(
                sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {database} RESET {setting}").format(**names)
            )


def missing_role_timeouts() -> list[str]:
    """The limits that this connection has not, or has longer than it should."""
    wanted = SERVING.settings()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting::int FROM pg_settings WHERE name = ANY (%s) ORDER BY name", [list(wanted)]
        )
        return [name for name, value in cursor.fetchall() if not 0 < value <= wanted[name]]


def append_only_tables() -> dict[str, str]:
    """Those whose rows never change, by the trigger that sees to it, with what may be done to them.

    Where the trigger lets rows go when a decision is disposed of, they may be deleted: it asks whether one is.
    """
    return {
        model._meta.db_table: "SELECT, INSERT, DELETE" if "EXISTS" in trigger.func else "SELECT, INSERT"
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name == "append_only"
    }


def _make_unless_there(role: str) -> None:
    """Where this connection may make roles, as it may in the embedded database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is not None:
            return
        cursor.execute("SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)")
        if cursor.fetchone() is None:
            raise NoSuchRole(role)
        # Roles are the whole server's: whoever makes this one at the same time makes the same.
        cursor.execute(
            sql.SQL(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ).format(role=sql.Identifier(role))
        )
