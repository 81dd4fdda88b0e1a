"""Finds protections that are missing in the database: triggers, row security, policies, generated columns.

What is promised is read from the models; what is there, from the catalogue. Anybody may look.
"""

from __future__ import annotations

from collections.abc import Iterator

import pgtrigger
from django.db import connection

from sharingwell.database.declared import functions, owner_tables, tenanted_models

TRIGGERS = """
    SELECT tgname, tgenabled IN ('O', 'A'), prosrc
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND relnamespace = current_schema::regnamespace
"""
# Of each table: whether row security is enabled and forced, and each policy with those for whom it is. 0 is everybody.
ROW_SECURITY = """
    SELECT relname, relrowsecurity AND relforcerowsecurity, array(
        SELECT polname || CASE polroles
            WHEN ARRAY[0::oid] THEN ' for everybody' WHEN ARRAY[relowner] THEN ' for the owner' ELSE ' for others'
        END
        FROM pg_policy WHERE polrelid = pg_class.oid AND polpermissive AND polcmd = '*' ORDER BY 1
    )
    FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relkind IN ('r', 'p')
"""
COMPUTED = """
    SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = current_schema::regnamespace AND attgenerated = 's' AND attnum > 0
"""
# Tables without policies: whether nobody but the owner has access.
CLOSED = """
    SELECT relname, relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
        AND NOT EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner)
    FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relname = ANY (%s)
"""
# Of functions, but for those of extensions: whether each runs as its owner, has a fixed path and is closed
# to PUBLIC.
FUNCTIONS = """
    SELECT proname, prosecdef,
        coalesce(format('search_path=pg_catalog, %I, pg_temp', current_schema) = ANY (proconfig), false),
        NOT EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)
    FROM pg_proc WHERE pronamespace = current_schema::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
    )
    ORDER BY proname
"""
TEMPORARY_TABLES = """
    SELECT EXISTS (
        SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba)))
        WHERE privilege_type = 'TEMPORARY' AND grantee <> datdba
    ) FROM pg_database WHERE datname = current_database()
"""
POLICIES = ["owner_access for the owner", "tenant_isolation for everybody"]


def missing_protections() -> Iterator[str]:
    """Yields a sentence for each missing protection."""
    yield from missing_row_security()
    yield from _opened()
    yield from missing_functions()
    yield from missing_triggers()
    yield from _missing_generated_columns()


def missing_row_security() -> Iterator[str]:
    """Yields tables whose row security is off or not forced, or whose policies are not as declared."""
    with connection.cursor() as cursor:
        cursor.execute(ROW_SECURITY)
        row_security = {table: (is_on, policies) for table, is_on, policies in cursor.fetchall()}
    for model in tenanted_models():
        table = model._meta.db_table
        is_on, policies = row_security.get(table, (False, []))
        if not is_on:
            yield f"row security of {table} is off or not forced."
        if policies != POLICIES:
            yield f"the policies of {table} are not those that keep organisations apart."


def _opened() -> Iterator[str]:
    """Yields owner tables to which somebody else has access."""
    names = [table.name for table in owner_tables()]
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [names])
        closed = dict(cursor.fetchall())
        cursor.execute(TEMPORARY_TABLES)
        (has_temporary_tables,) = cursor.fetchone()
    for name in names:
        if not closed.get(name):
            yield f"the table {name} is not closed to everybody but its owner."
    if has_temporary_tables:
        yield "others than the owner of the database may make temporary tables in it."


def missing_functions() -> Iterator[str]:
    """Yields functions that are missing, not as declared, without a fixed search_path, or open to PUBLIC."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        found = {name: flags for name, *flags in cursor.fetchall()}
    as_owner = {function.name: function.is_security_definer for function in functions()}
    as_owner |= {trigger.get_pgid(model): True for model, trigger in pgtrigger.registered()}
    for name in sorted(as_owner.keys() - found.keys()):
        yield f"the function {name} is gone."
    for name, (runs_as_owner, has_fixed_path, is_closed) in found.items():
        if runs_as_owner != as_owner.get(name, False):
            yield f"the function {name} runs as somebody else than it should."
        if not has_fixed_path and as_owner.get(name, True):
            yield f"the function {name} has no fixed search_path."
        if not is_closed:
            yield f"the function {name} is for everybody."


def missing_triggers() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        triggers = {name: (is_on, function) for name, is_on, function in cursor.fetchall()}
    for model, trigger in pgtrigger.registered():
        is_on, function = triggers.get(trigger.get_pgid(model), (False, ""))
        named = f"the trigger {trigger.name} of {model._meta.db_table}"
        if not is_on:
            yield f"{named} is off or gone."
        elif function.split() != _body(trigger.compile(model).install_sql):
            yield f"{named} does something else."


def _body(install_sql: str) -> list[str]:
    """Of the function that this makes, however it is set on lines."""
    return install_sql.split("$$")[1].split()


def _missing_generated_columns() -> Iterator[str]:
    """Yields generated columns that are ordinary columns in the database."""
    with connection.cursor() as cursor:
        cursor.execute(COMPUTED)
        computed = set(cursor.fetchall())
    for model in tenanted_models():
        for field in model._meta.concrete_fields:
            if field.generated and (model._meta.db_table, field.column) not in computed:
                yield f"{model._meta.db_table}.{field.column} is computed no more."
