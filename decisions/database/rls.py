"""Each organisation sees its own decisions: a wall for each of their tables, one operation a table.

`sharingwell.tenancy.rls` says what a wall is.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

from sharingwell.tenancy.rls import ORGANISATION, enable_row_level_security


def of_its_organisation(table: str) -> RunSQL:
    """For a table with an organisation of its own."""
    return enable_row_level_security(table, f"organisation_id = {ORGANISATION}")


def of_what_it_belongs_to(table: str, column: str, parent: str) -> RunSQL:
    """For a table whose rows belong to one of another: whoever sees that one sees them."""
    return enable_row_level_security(
        table, f"EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = {table}.{column})"
    )
