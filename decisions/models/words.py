"""The words of a decision as a search finds them, in any form (share, shared, sharing). The indexes name them, too."""

from __future__ import annotations

from django.contrib.postgres.search import (
    SearchConfig,
    SearchQuery,
    SearchVector,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db.models import Func, JSONField, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Coalesce

ENGLISH = "english"


class JSONVector(SearchVectorCombinable, Func):
    """Every text in a JSON document, but for its keys."""

    function = "to_tsvector"
    output_field = SearchVectorField()

    def __init__(self, document: Combinable | str) -> None:
        self.config = SearchConfig(ENGLISH)
        super().__init__(self.config, document)


class Within(Func):
    """What a JSON path finds in a document, as a list; nothing in no document."""

    function = "jsonb_path_query_array"
    output_field = JSONField()


def words_in(*columns: str) -> SearchVector:
    return SearchVector(*columns, config=ENGLISH)


def words_of_a_round() -> CombinedExpression:
    """A recorded round by its answers as they read, a draft by its answers as they are kept; notes and changes too."""
    answers = Within("record", Value("$.parts[*].answers[*].answer[*]"))
    return words_in("changed") + JSONVector("thoughts") + JSONVector(Coalesce(answers, "answers"))


def query_for(words: str) -> SearchQuery:
    return SearchQuery(words, config=ENGLISH, search_type="websearch")
