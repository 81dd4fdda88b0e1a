"""What PostgreSQL is to guard by itself, and no longer does: triggers, row security, its policies, computed columns.

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
WALLS = """
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
# Tables behind no wall and functions that run as the owner: whether they are as closed and as narrow as they should be.
CLOSED = """
    SELECT relname, relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
        AND NOT EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner)
    FROM pg_class WHERE relnamespace = current_schema::regnamespace AND relname = ANY (%s)
"""
NARROW = """
    SELECT proname, prosecdef AND proconfig IS NOT NULL AND NOT EXISTS (
        SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0
    )
    FROM pg_proc WHERE pronamespace = current_schema::regnamespace AND proname = ANY (%s)
"""
POLICIES = ["owner_access for the owner", "tenant_isolation for everybody"]


def missing_protections() -> Iterator[str]:
    """In words, one for each."""
    yield from missing_row_security()
    yield from _opened()
    yield from missing_triggers()
    yield from _missing_generated_columns()


def missing_row_security() -> Iterator[str]:
    """Row security that is off or not forced; policies that are gone, for others than they should be, or too many."""
    with connection.cursor() as cursor:
        cursor.execute(WALLS)
        walls = {table: (is_on, policies) for table, is_on, policies in cursor.fetchall()}
    for model in tenanted_models():
        table = model._meta.db_table
        is_on, policies = walls.get(table, (False, []))
        if not is_on:
            yield f"row security of {table} is off or not forced."
        if policies != POLICIES:
            yield f"the policies of {table} are not those that keep organisations apart."


def _opened() -> Iterator[str]:
    """What is outside the wall, where somebody else than the owner gets at it."""
    with connection.cursor() as cursor:
        for statement, names, what in [
            (
                CLOSED,
                [table.name for table in owner_tables()],
                "the table {} is not closed to everybody but its owner.",
            ),
            (
                NARROW,
                [function.name for function in functions() if function.is_security_definer],
                "the function {} does not run as its owner, for the role that serves.",
            ),
        ]:
            cursor.execute(statement, [names])
            found = dict(cursor.fetchall())
            yield from (what.format(name) for name in names if not found.get(name))


def missing_triggers() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        triggers = {name: (is_on, function) for name, is_on, function in cursor.fetchall()}
    tenanted = {model._meta.db_table for model in tenanted_models()}
    for model, trigger in pgtrigger.registered():
        is_on, function = triggers.get(trigger.get_pgid(model), (False, ""))
        named = f"the trigger {trigger.name} of {model._meta.db_table}"
        if not is_on:
            yield f"{named} is off or gone."
        elif model._meta.db_table in tenanted and not _does(function, trigger.render_func(model)):
            yield f"{named} does something else."


def _does(function: str, promised: str) -> bool:
    """This and nothing before or after it, however it is set on lines."""
    return " ".join(["BEGIN", *promised.split(), "END;"]) in " ".join(function.split())


def _missing_generated_columns() -> Iterator[str]:
    """Columns that could be written, where they should follow from others."""
    with connection.cursor() as cursor:
        cursor.execute(COMPUTED)
        computed = set(cursor.fetchall())
    for model in tenanted_models():
        for field in model._meta.concrete_fields:
            if field.generated and (model._meta.db_table, field.column) not in computed:
                yield f"{model._meta.db_table}.{field.column} is computed no more."
