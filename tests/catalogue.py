"""What PostgreSQL's catalogue says of a database, so that two of them, or two moments of one, can be compared."""

from __future__ import annotations

from django.db import connection

# Conditions of indexes and constraints come back from a backup in other words, with the same meaning.
KINDS = {
    "policies": """
        SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) FROM pg_policies
    """,
    "tables and grants": """
        SELECT concat_ws(' ', relname, relowner::regrole, relrowsecurity, relforcerowsecurity,
            array(SELECT unnest(coalesce(
                relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)
            ))::text ORDER BY 1))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
    """,
    "triggers": """
        SELECT concat_ws(' ', pg_get_triggerdef(oid), tgenabled, obj_description(oid)) FROM pg_trigger
        WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT concat_ws(' ', pg_get_functiondef(oid), proowner::regrole, array(
            SELECT unnest(coalesce(proacl, acldefault('f', proowner)))::text ORDER BY 1
        ))
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
        )
    """,
    "columns": """
        SELECT concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated, attidentity)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    """,
    "indexes": "SELECT split_part(indexdef, ' WHERE ', 1) FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, contype, convalidated) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
}


def catalogue() -> dict[str, set[str]]:
    """By kind, one line for each object."""
    with connection.cursor() as cursor:
        found = {}
        for kind, query in KINDS.items():
            cursor.execute(query)
            found[kind] = {line for (line,) in cursor.fetchall()}
    return found
