"""What migrations are written with: SQL of triggers, and of generated columns.

Frozen: applied migrations import these classes, so none of them changes. A change is a new class beside the old one.
"""

from __future__ import annotations

from django.contrib.postgres.search import SearchConfig, SearchVectorCombinable, SearchVectorField
from django.db.models import Func, JSONField
from django.db.models.expressions import Combinable
from pgtrigger.compiler import UpsertTriggerSql

ENGLISH = "english"


class JsonVector(SearchVectorCombinable, Func):
    """Every text in a JSON document, but for its keys."""

    function = "to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, document: Combinable | str) -> None:
        self.config = SearchConfig(ENGLISH)
        super().__init__(self.config, document)


class JsonPathArray(Func):
    """What a JSON path finds in a document, as a list; nothing in no document."""

    function = "jsonb_path_query_array"
    output_field = JSONField()


class NonBypassableSql(UpsertTriggerSql):
    """A trigger that no setting of a session disables, unlike pgtrigger's own template."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class SecurityDefinerSql(NonBypassableSql):
    """A trigger whose function runs as its owner, with a fixed search_path: it writes where the server may not."""

    def get_template(self) -> str:
        return f"""
            {super().get_template()}
            DO $path$ BEGIN EXECUTE format(
                'ALTER FUNCTION {{pgid}}() SECURITY DEFINER SET search_path = pg_catalog, %I, pg_temp', current_schema
            ); END $path$;
        """
