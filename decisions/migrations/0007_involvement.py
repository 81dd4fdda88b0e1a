"""Functions for the decisions and questions that a person has a part in."""

from django.db import migrations

HELD_ADVICE = """
CREATE FUNCTION decisions_held_advice(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT advice.id FROM decisions_advice AS advice
    LEFT JOIN LATERAL (
        SELECT step.id, step.to_id FROM decisions_advicestep AS step
        WHERE step.advice_id = advice.id AND step.kind IN ('taken', 'released', 'handed-on')
        ORDER BY step.number DESC LIMIT 1
    ) AS placed ON true
    WHERE advice.id IN (
        SELECT asked.id FROM decisions_advice AS asked WHERE asked.adviser_id = person
        UNION SELECT handed.advice_id FROM decisions_advicestep AS handed WHERE handed.to_id = person
    ) AND CASE WHEN placed.id IS NULL THEN advice.adviser_id ELSE placed.to_id END = person AND NOT EXISTS (
        SELECT FROM decisions_advicestep AS step
        WHERE step.advice_id = advice.id AND step.kind = 'withdrawn'
    )
$$;
REVOKE ALL ON FUNCTION decisions_held_advice FROM PUBLIC
"""
HANDED_DECISIONS = """
CREATE FUNCTION decisions_handed_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT decision.id FROM decisions_handover AS given
    JOIN decisions_decision AS decision ON decision.reference = given.reference
    WHERE given.to_id = person AND NOT EXISTS (
        SELECT FROM decisions_handover AS later WHERE later.reference = given.reference AND later.id > given.id
    )
$$;
REVOKE ALL ON FUNCTION decisions_handed_decisions FROM PUBLIC
"""
ASSIGNED_DECISIONS = """
CREATE FUNCTION decisions_assigned_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT decision.id FROM decisions_decision AS decision
    WHERE decision.author_id = person AND NOT EXISTS (
        SELECT FROM decisions_handover AS given WHERE given.reference = decision.reference
    )
    UNION ALL SELECT handed FROM decisions_handed_decisions(person) AS handed
$$;
REVOKE ALL ON FUNCTION decisions_assigned_decisions FROM PUBLIC
"""
OPENED_DECISIONS = """
CREATE FUNCTION decisions_opened_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT handed FROM decisions_handed_decisions(person) AS handed
    UNION ALL SELECT share.decision_id FROM decisions_share AS share
    WHERE share.person_id = person AND NOT EXISTS (
        SELECT FROM decisions_shareend AS ended WHERE ended.share_id = share.id
    )
    UNION ALL SELECT advice.decision_id FROM decisions_held_advice(person) AS held
    JOIN decisions_advice AS advice ON advice.id = held
$$;
REVOKE ALL ON FUNCTION decisions_opened_decisions FROM PUBLIC
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0006_disposals_name_rows")]

    operations = [
        migrations.RunSQL(HELD_ADVICE, "DROP FUNCTION decisions_held_advice"),
        migrations.RunSQL(HANDED_DECISIONS, "DROP FUNCTION decisions_handed_decisions"),
        migrations.RunSQL(ASSIGNED_DECISIONS, "DROP FUNCTION decisions_assigned_decisions"),
        migrations.RunSQL(OPENED_DECISIONS, "DROP FUNCTION decisions_opened_decisions"),
    ]
