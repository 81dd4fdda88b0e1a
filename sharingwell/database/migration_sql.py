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
    """A trigger that no setting of a session disables, unlike pgtrigger's own template.

    Its function runs as the owner of the tables, who sees every organisation, with a fixed search_path, for its own
    table alone; nobody else may call it.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER SECURITY DEFINER AS $$
                {declare}
                BEGIN
                    IF TG_RELID <> '{table}'::regclass THEN
                        RAISE EXCEPTION USING
                            ERRCODE = 'restrict_violation', MESSAGE = 'This trigger is of another table.';
                    END IF;
                    {func}
                END;
            $$ LANGUAGE plpgsql;
            DO $path$ BEGIN EXECUTE format(
                'ALTER FUNCTION {pgid}() SET search_path = pg_catalog, %I, pg_temp', current_schema
            ); END $path$;
            REVOKE ALL ON FUNCTION {pgid}() FROM PUBLIC;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """
