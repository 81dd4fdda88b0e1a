"""Row security: each organisation sees its own rows. Makes policies out of a condition.

The organisation is the one that `sharingwell.tenancy.current` has set. Policies bind every role but superusers, the
owner of the tables among them, who may ask for every organisation, and in whose functions checks see every one.
"""

from __future__ import annotations

ORGANISATION = "nullif(current_setting('sharingwell.organisation', true), '')::bigint"
# The owner sees every organisation on request, and in SECURITY DEFINER functions called by another role.
OWNER_ACCESS = (
    "current_setting('sharingwell.every_organisation', true) = 'on' OR session_user <> current_user"
)


def by_organisation() -> str:
    """The condition of a table with an organisation of its own."""
    return f"organisation_id = {ORGANISATION}"


def by_parent(table: str, column: str, parent: str) -> str:
    """The condition of a table whose rows belong to a parent row: visible where the parent is."""
    return f"EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = {table}.{column})"


def enable_row_level_security(table: str, condition: str) -> str:
    """Statements that limit each session to the rows of this table that meet the condition."""
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant_isolation ON {table} USING ({condition});
        CREATE POLICY owner_access ON {table} TO CURRENT_USER USING ({OWNER_ACCESS});
    """
