"""Each organisation sees its own: the rule by which PostgreSQL keeps the rows of others from whoever serves.

For migrations. The organisation is the one that `sharingwell.tenancy.current` has said. Policies bind every role but
superusers, the owner of the tables among them, who may ask for every organisation.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

ORGANISATION = "nullif(current_setting('sharingwell.organisation', true), '')::bigint"


def enable_row_level_security(table: str, condition: str) -> RunSQL:
    """The rows of this table that fulfil the condition, and no others, are there for whoever serves."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant_isolation ON {table} USING ({condition});
        CREATE POLICY owner_access ON {table} TO CURRENT_USER
            USING (current_setting('sharingwell.every_organisation', true) = 'on');
        """,
        f"""
        DROP POLICY owner_access ON {table};
        DROP POLICY tenant_isolation ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
        """,
    )
