"""Each organisation sees its own: the rules by which PostgreSQL itself keeps the rows of others from whoever serves.

For migrations, one operation a table. The organisation is the one that `sharingwell.acting` has said. Policies bind
every role but superusers, the owner of the tables among them, who may ask for every organisation.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

ORGANISATION = "nullif(current_setting('sharingwell.organisation', true), '')::bigint"


def of_its_organisation(table: str) -> RunSQL:
    """For a table with an organisation of its own."""
    return _wall(table, f"organisation_id = {ORGANISATION}")


def of_what_it_belongs_to(table: str, column: str, parent: str) -> RunSQL:
    """For a table whose rows belong to one of another: whoever sees that one sees them."""
    return _wall(table, f"EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = {table}.{column})")


def _wall(table: str, condition: str) -> RunSQL:
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY of_one_organisation ON {table} USING ({condition});
        CREATE POLICY of_every_organisation ON {table} TO CURRENT_USER
            USING (current_setting('sharingwell.every_organisation', true) = 'on');
        """,
        f"""
        DROP POLICY of_every_organisation ON {table};
        DROP POLICY of_one_organisation ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
        """,
    )
