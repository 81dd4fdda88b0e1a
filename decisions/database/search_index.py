"""The words of a decision as a search finds them, in any form (share, shared, sharing).

The index of words is a table (`decisions.database.functions`) that triggers write and one function reads.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.search import (
    SearchQuery,
    SearchVector,
)
from django.db.models import Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from sharingwell.database.migration_sql import ENGLISH, JsonPathArray, JsonVector
from sharingwell.database.triggers import NonBypassableTrigger

OF_ITS_ROUND = "(SELECT decision_id FROM decisions_round WHERE id = NEW.round_id)"  # as a trigger sees it


def search_vector(*columns: str) -> SearchVector:
    return SearchVector(*columns, config=ENGLISH)


def round_search_vector() -> CombinedExpression:
    """A recorded round by its answers as they read, a draft by its answers as they are kept; notes and changes too."""
    answers = JsonPathArray("record", Value("$.parts[*].answers[*].answer[*]"))
    return search_vector("changed") + JsonVector("thoughts") + JsonVector(Coalesce(answers, "answers"))


def search_query(words: str) -> SearchQuery:
    return SearchQuery(words, config=ENGLISH, search_type="websearch")


def search_index_trigger(
    vector: str, *, decision: str = "NEW.decision_id", round: str = "NULL"
) -> pgtrigger.Trigger:
    """For each table with words that are searched for: they are in the index of words as soon as they are written.

    `vector` and `decision` are SQL. A `round` takes its words with it when it goes; all go with the decision.
    """
    return NonBypassableTrigger(
        name="search_index_trigger",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            INSERT INTO decisions_search_index (source, source_id, organisation_id, decision_id, round_id, vector)
            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, {round}, {vector}
            FROM decisions_decision AS decision WHERE decision.id = {decision}
            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector
                WHERE decisions_search_index.vector <> excluded.vector;
            RETURN NULL;
        """,  # noqa: S608  # constants of ours
    )


def words_of(*columns: str) -> str:
    """In SQL, for `words_kept`: the same as `words_in`."""
    text = " || ' ' || ".join(f"NEW.{column}" for column in columns)
    return f"to_tsvector('{ENGLISH}', {text})"
