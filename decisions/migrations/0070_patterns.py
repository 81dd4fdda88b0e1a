"""What patterns are counted from, and the functions that count it.

`decisions_cells` counts what its caller may see: one organisation, behind the wall. `decisions_cells_of_every_organisation`
counts for its owner and says no organisation's name or key, only which cells are of the same one.
"""

from django.db import migrations
from django.db.models import GeneratedField, JSONField, Value

from decisions.database.search_index import Within

CELLS = """
CREATE FUNCTION decisions_cells(since timestamptz, until timestamptz, topics text[])
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
        SELECT open.organisation, open.team, coalesce(moved.look_again_on, open.review_on::date) AS look_again_on
        FROM (
            SELECT DISTINCT ON (round.decision_id)
                round.id, round.review_on, decision.organisation_id AS organisation, decision.team_id AS team
            FROM decisions_round AS round
            JOIN decisions_decision AS decision ON decision.id = round.decision_id
            WHERE 'look-again' = ANY (topics) AND round.recorded_at < until
            ORDER BY round.decision_id, round.number DESC
        ) AS open
        LEFT JOIN (
            SELECT DISTINCT ON (round_id) round_id, look_again_on FROM decisions_postponement
            WHERE at < until ORDER BY round_id, id DESC
        ) AS moved ON moved.round_id = open.id
        LEFT JOIN decisions_closure AS closure ON closure.round_id = open.id AND closure.at < until
        WHERE closure.id IS NULL
    ) AS dated
    WHERE look_again_on IS NOT NULL
    GROUP BY 1, 2, 3, 5
$$
"""
# It runs as its owner, who may ask for every organisation, whatever the caller says; and finds its tables and functions
# in the schema they were made in, whatever the caller's path. (`SET` of our setting would need a superuser.)
OF_EVERY_ORGANISATION = """
CREATE FUNCTION decisions_cells_of_every_organisation(since timestamptz, until timestamptz, topics text[])
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
$$;
REVOKE ALL ON FUNCTION decisions_cells_of_every_organisation FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format(
        'ALTER FUNCTION decisions_cells_of_every_organisation SET search_path = pg_catalog, %I, pg_temp', current_schema
    );
END $$
"""


def keys_in(record: str) -> GeneratedField:
    return GeneratedField(
        expression=Within("record", Value(record)),
        output_field=JSONField(null=True),
        db_persist=True,
    )


class Migration(migrations.Migration):
    dependencies = [("decisions", "0061_log"), ("decisions", "0050_advice")]

    operations = [
        migrations.AddField("round", "considered_keys", keys_in("$.considerations[*].key")),
        migrations.AddField("round", "open_keys", keys_in("$.parts[*].answers[*] ? (@.answer.size() == 0).key")),
        migrations.RunSQL(CELLS, "DROP FUNCTION decisions_cells"),
        migrations.RunSQL(OF_EVERY_ORGANISATION, "DROP FUNCTION decisions_cells_of_every_organisation"),
    ]
