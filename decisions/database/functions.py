"""Functions of decisions in the database, and the table of the search index, in SQL.

The functions that run as the owner see every organisation where they ask for it; each says what it lets through.
"""

from __future__ import annotations

from decisions.database import involvement
from sharingwell.database.declared import Function, OwnerTable

SEARCH_INDEX = """
CREATE TABLE decisions_search_index (
    source text NOT NULL,
    source_id bigint NOT NULL,
    organisation_id bigint NOT NULL REFERENCES accounts_organisation,
    decision_id bigint NOT NULL REFERENCES decisions_decision ON DELETE CASCADE,
    round_id bigint REFERENCES decisions_round ON DELETE CASCADE,
    vector tsvector NOT NULL,
    PRIMARY KEY (source, source_id)
);
ALTER TABLE decisions_search_index ENABLE ROW LEVEL SECURITY;

CREATE INDEX search_index_by_decision ON decisions_search_index (decision_id, organisation_id);
CREATE INDEX search_index_by_round ON decisions_search_index (round_id) WHERE round_id IS NOT NULL;
CREATE INDEX search_index_by_vector ON decisions_search_index USING gin (vector);
"""
# The clock of the rules in triggers: the tests replace this function with one that knows their clock.
TODAY = """
CREATE OR REPLACE FUNCTION decisions_today() RETURNS date
LANGUAGE sql STABLE SECURITY INVOKER AS $$ SELECT (now() AT TIME ZONE 'Europe/London')::date $$
"""
SEARCH_CANDIDATES = """
CREATE OR REPLACE FUNCTION decisions_search_candidates(words text, first bigint, behind bigint, most integer)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN QUERY EXECUTE '
        (
            SELECT decision_id FROM decisions_search_index
            WHERE organisation_id = $1 AND decision_id >= $2 AND decision_id < $3 AND vector @@ $4
            GROUP BY decision_id ORDER BY decision_id DESC LIMIT $5
        ) UNION (
            SELECT id FROM decisions_decision
            WHERE organisation_id = $1 AND id >= $2 AND id < $3 AND (reference = $6 OR case_reference_folded = $6)
        )
        ORDER BY decision_id DESC LIMIT $5'
    USING nullif(current_setting('sharingwell.organisation', true), '')::bigint, first, behind,
        websearch_to_tsquery('english', words), most, upper(words);
END
$$
"""
CELLS = """
CREATE OR REPLACE FUNCTION decisions_cells(since timestamptz, until timestamptz, topics text[])
RETURNS TABLE (organisation bigint, team bigint, quarter date, topic text, category text, rounds bigint)
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    WITH counted AS NOT MATERIALIZED (
        SELECT
            decision.organisation_id AS organisation,
            decision.team_id AS team,
            date_trunc('quarter', round.recorded_at AT TIME ZONE 'Europe/London')::date AS quarter,
            decision.started_at AS asked_at,
            round.id, round.number, round.version_id, round.recorded_at, round.outcome, round.answers, round.thoughts,
            round.considered_keys, round.open_keys,
            round.relationship, round.kinds, round.afterwards
        FROM decisions_round AS round
        JOIN decisions_decision AS decision ON decision.id = round.decision_id
        WHERE round.recorded_at >= since AND round.recorded_at < until
    )
    SELECT organisation, team, quarter, 'outcome', outcome, count(*)
    FROM counted WHERE 'outcome' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'stated', outcome, count(*)
    FROM counted WHERE 'stated' = ANY (topics) AND btrim(coalesce(answers->>'why.if_not_shared', '')) <> ''
    GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'time', CASE
        WHEN number > 1 THEN 'again'
        WHEN recorded_at - asked_at < interval '1 hour' THEN 'hour'
        WHEN recorded_at - asked_at < interval '1 day' THEN 'day'
        WHEN recorded_at - asked_at < interval '3 days' THEN 'three-days'
        WHEN recorded_at - asked_at < interval '7 days' THEN 'week'
        ELSE 'longer'
    END AS taken, count(*)
    FROM counted WHERE 'time' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'afterwards', 'yes', count(*)
    FROM counted WHERE 'afterwards' = ANY (topics) AND afterwards GROUP BY 1, 2, 3
    UNION ALL
    SELECT organisation, team, quarter, 'relationship', coalesce(relationship, ''), count(*)
    FROM counted WHERE 'relationship' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'kind', kind, count(*)
    FROM counted, jsonb_array_elements_text(CASE jsonb_typeof(kinds) WHEN 'array' THEN kinds ELSE '[]' END) AS kind
    WHERE 'kind' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'considered', consideration, count(*)
    FROM counted, jsonb_array_elements_text(considered_keys) AS consideration
    WHERE 'considered' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'advice', CASE
        WHEN asked.round_id IS NULL THEN 'none'
        WHEN took IS NULL THEN 'no-reply'
        WHEN took < interval '1 day' THEN 'day'
        WHEN took < interval '3 days' THEN 'three-days'
        WHEN took < interval '7 days' THEN 'week'
        ELSE 'longer'
    END AS sought, count(*)
    FROM counted
    LEFT JOIN (
        SELECT advice.round_id, min(step.at - advice.at) FILTER (WHERE step.kind = 'replied') AS took
        FROM decisions_advice AS advice
        LEFT JOIN decisions_advicestep AS step
            ON step.advice_id = advice.id AND step.kind IN ('replied', 'withdrawn') AND step.at < until
        WHERE advice.at < until AND step.kind IS DISTINCT FROM 'withdrawn'
        GROUP BY advice.round_id
    ) AS asked ON asked.round_id = counted.id
    WHERE 'advice' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'version', version_id::text, count(*)
    FROM counted WHERE 'version' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'open', version_id || '/' || question, count(*)
    FROM counted, jsonb_array_elements_text(open_keys) AS question
    WHERE 'open' = ANY (topics) GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, quarter, 'noted', version_id || '/' || thought.key, count(*)
    FROM counted, jsonb_each_text(thoughts) AS thought
    WHERE 'noted' = ANY (topics) AND btrim(thought.value) <> '' AND considered_keys ? thought.key
    GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT organisation, team, since::date, 'look-again',
        CASE WHEN look_again_on < (until AT TIME ZONE 'Europe/London')::date THEN 'overdue' ELSE 'ahead' END AS due,
        count(*)
    FROM (
        SELECT decision.organisation_id AS organisation, decision.team_id AS team, coalesce((
            SELECT moved.look_again_on FROM decisions_postponement AS moved
            WHERE moved.round_id = open.id AND moved.at < until ORDER BY moved.id DESC LIMIT 1
        ), open.review_on::date) AS look_again_on
        FROM (
            SELECT DISTINCT ON (round.decision_id) round.id, round.decision_id, round.review_on
            FROM decisions_round AS round
            WHERE 'look-again' = ANY (topics) AND round.recorded_at < until
            ORDER BY round.decision_id, round.number DESC
        ) AS open
        JOIN decisions_decision AS decision ON decision.id = open.decision_id
        WHERE NOT EXISTS (
            SELECT FROM decisions_closure AS closure WHERE closure.round_id = open.id AND closure.at < until
        )
    ) AS dated
    WHERE look_again_on IS NOT NULL
    GROUP BY 1, 2, 3, 5
$$
"""
CELLS_OF_EVERY_ORGANISATION = """
CREATE OR REPLACE FUNCTION decisions_cells_of_every_organisation(since timestamptz, until timestamptz, topics text[])
RETURNS TABLE (organisation bigint, team bigint, quarter date, topic text, category text, rounds bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    before text := coalesce(current_setting('sharingwell.every_organisation', true), '');
BEGIN
    PERFORM set_config('sharingwell.every_organisation', 'on', true);
    RETURN QUERY
        SELECT dense_rank() OVER (ORDER BY cell.organisation), NULL::bigint, cell.quarter, cell.topic, cell.category,
            sum(cell.rounds)::bigint
        FROM decisions_cells(since, until, topics) AS cell
        GROUP BY cell.organisation, cell.quarter, cell.topic, cell.category;
    PERFORM set_config('sharingwell.every_organisation', before, true);
END
$$
"""
OPEN_ADVICE = """
CREATE OR REPLACE FUNCTION decisions_open_advice() RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    before text := coalesce(current_setting('sharingwell.every_organisation', true), '');
BEGIN
    PERFORM set_config('sharingwell.every_organisation', 'on', true);
    RETURN QUERY EXECUTE $query$
        SELECT advice.id FROM decisions_advice AS advice
        WHERE NOT EXISTS (
            SELECT FROM decisions_advicestep AS step
            WHERE step.advice_id = advice.id AND step.kind IN ('replied', 'withdrawn')
        ) AND EXISTS (
            SELECT FROM decisions_decision AS decision
            WHERE decision.id = advice.decision_id AND decision.organisation_id = $1
        )
    $query$ USING nullif(current_setting('sharingwell.organisation', true), '')::bigint;
    PERFORM set_config('sharingwell.every_organisation', before, true);
END
$$
"""

FUNCTIONS = [
    Function("decisions_today", TODAY),
    Function("decisions_search_candidates", SEARCH_CANDIDATES),
    Function("decisions_cells", CELLS),
    Function("decisions_cells_of_every_organisation", CELLS_OF_EVERY_ORGANISATION),
    Function("decisions_open_advice", OPEN_ADVICE),
    *involvement.FUNCTIONS,
]
OWNER_TABLES = [OwnerTable("decisions_search_index", SEARCH_INDEX)]
