"""Days to look again are counted in one pass over the rounds.

How many rounds are open at the end of a quarter PostgreSQL cannot guess behind the wall. Joined, moved days and closures
were gone through anew for each round: minutes for a million decisions. They are looked up now, round by round.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("decisions.migrations.0070_patterns").CELLS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
OPEN = """    FROM (
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
"""


def after() -> str:
    begins = BEFORE.index("    FROM (\n        SELECT open.organisation")
    ends = BEFORE.index("    WHERE look_again_on IS NOT NULL")
    return BEFORE[:begins] + OPEN + BEFORE[ends:]


class Migration(migrations.Migration):
    dependencies = [("decisions", "0090_words")]

    operations = [migrations.RunSQL(after(), BEFORE)]
