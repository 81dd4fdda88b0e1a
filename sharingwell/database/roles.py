"""Grants for the serving role, which owns nothing and has only the rights that serving needs."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from sharingwell.database.declared import functions, owner_tables
from sharingwell.database.timeouts import SERVING

READ_ONLY = "django_migrations"
# Sequences that a column's default asks for the next value; those of identity columns need no right.
GRANT_SEQUENCES = """
    SELECT format('GRANT USAGE ON SEQUENCE %%s TO %%I', objid::regclass, %(role)s::text)
    FROM pg_depend JOIN pg_class ON pg_class.oid = objid
    WHERE classid = 'pg_class'::regclass AND relkind = 'S' AND deptype = 'a'
        AND relnamespace = current_schema::regnamespace
"""
# Statements for every function but those of extensions. One that PostgreSQL is to inline has no path of its own.
GRANT_FUNCTIONS = """
    SELECT unnest(ARRAY[
        format('REVOKE ALL ON FUNCTION %%s FROM PUBLIC, %%I', oid::regprocedure, %(role)s::text),
        CASE WHEN prorettype <> 'trigger'::regtype
            THEN format('GRANT EXECUTE ON FUNCTION %%s TO %%I', oid::regprocedure, %(role)s::text) END,
        CASE WHEN proname <> ALL (%(inlined)s) THEN format(
            'ALTER FUNCTION %%s SET search_path = pg_catalog, %%I, pg_temp', oid::regprocedure, current_schema
        ) END
    ])
    FROM pg_proc WHERE pronamespace = current_schema::regnamespace AND prokind = 'f' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
    )
"""
OWN_DATABASE = """
    SELECT datname FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')
"""


class NoSuchRole(Exception):
    """Raised where the role does not exist and the owner may not create it; the message says what to do."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"There is no role {role} in PostgreSQL. Let an administrator of it make one, which owns nothing and is no "
            f"superuser: CREATE ROLE {role} LOGIN PASSWORD '…'. Then run this again."
        )


def application_role() -> str | None:
    """The role of `DATABASE_URL`; None where it is the owner."""
    if settings.OWNER_DATABASE is None:
        return None
    role: str = settings.DATABASES["default"]["USER"]
    return role if role != settings.OWNER_DATABASE["USER"] else None


@transaction.atomic
def grant_application_role(role: str) -> None:
    """Grant this role reading and writing of rows, and only INSERT on append-only tables.

    By the owner, after every migration: a new table is nobody's but the owner's. Raises NoSuchRole.
    """
    _make_unless_there(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema ORDER BY 1")
        closed = {table.name for table in owner_tables()}
        tables = [name for (name,) in cursor.fetchall() if name not in closed]
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
        cursor.execute(sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}").format(**names))
        cursor.execute(GRANT_SEQUENCES, {"role": role})
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
    grant_functions(role)


def grant_functions(role: str) -> None:
    """Grant EXECUTE on functions except trigger functions, revoke it from PUBLIC, and set a fixed search_path."""
    inlined = [function.name for function in functions() if not function.is_security_definer]
    with connection.cursor() as cursor:
        cursor.execute(GRANT_FUNCTIONS, {"role": role, "inlined": inlined})
        for (statement,) in cursor.fetchall():
            if statement:
                cursor.execute(statement)


def revoke_temporary_tables() -> None:
    """Revoke TEMPORARY from PUBLIC, if we own the database: temporary tables come first in a search_path."""
    with connection.cursor() as cursor:
        cursor.execute(OWN_DATABASE)
        for (database,) in cursor.fetchall():
            name = sql.Identifier(database)
            cursor.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(name))


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
    """The append-only tables, with the rights on each.

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
        # Roles belong to the whole server: another process may create this one at the same time.
        cursor.execute(
            sql.SQL(
                "DO $$ BEGIN CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; "
                "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ).format(role=sql.Identifier(role))
        )
