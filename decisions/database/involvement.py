"""Which decisions and questions a person has a part in: the keys, from functions in the database.

The functions are SQL of the caller's own rights: PostgreSQL puts them into the statement, under its row security.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Func, Q, Value

from decisions.database.key_range import IsAnyOf
from decisions.domain.advice_workflow import PLACING, Step
from sharingwell.database.declared import Function


def _listed(steps: Iterable[Step]) -> str:
    return ", ".join(f"'{step}'" for step in steps)


# Questions that a person holds or has replied to, but for withdrawn ones.
HELD_ADVICE = f"""
CREATE OR REPLACE FUNCTION decisions_held_advice(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT advice.id FROM decisions_advice AS advice
    LEFT JOIN LATERAL (
        SELECT step.id, step.to_id FROM decisions_advicestep AS step
        WHERE step.advice_id = advice.id AND step.kind IN ({_listed(PLACING)})
        ORDER BY step.number DESC LIMIT 1
    ) AS placed ON true
    WHERE advice.id IN (
        SELECT asked.id FROM decisions_advice AS asked WHERE asked.adviser_id = person
        UNION SELECT handed.advice_id FROM decisions_advicestep AS handed WHERE handed.to_id = person
    ) AND CASE WHEN placed.id IS NULL THEN advice.adviser_id ELSE placed.to_id END = person AND NOT EXISTS (
        SELECT FROM decisions_advicestep AS step
        WHERE step.advice_id = advice.id AND step.kind = '{Step.WITHDRAWN}'
    )
$$
"""
# Decisions whose last hand-over was to a person.
HANDED_DECISIONS = """
CREATE OR REPLACE FUNCTION decisions_handed_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT decision.id FROM decisions_handover AS given
    JOIN decisions_decision AS decision ON decision.reference = given.reference
    WHERE given.to_id = person AND NOT EXISTS (
        SELECT FROM decisions_handover AS later WHERE later.reference = given.reference AND later.id > given.id
    )
$$
"""
# Decisions a person is responsible for: started and never handed over, or last handed over to them.
ASSIGNED_DECISIONS = """
CREATE OR REPLACE FUNCTION decisions_assigned_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT decision.id FROM decisions_decision AS decision
    WHERE decision.author_id = person AND NOT EXISTS (
        SELECT FROM decisions_handover AS given WHERE given.reference = decision.reference
    )
    UNION ALL SELECT handed FROM decisions_handed_decisions(person) AS handed
$$
"""
# Decisions a person may read though others started them: handed over to, shared with or asked of them.
OPENED_DECISIONS = """
CREATE OR REPLACE FUNCTION decisions_opened_decisions(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY INVOKER AS $$
    SELECT handed FROM decisions_handed_decisions(person) AS handed
    UNION ALL SELECT share.decision_id FROM decisions_share AS share
    WHERE share.person_id = person AND NOT EXISTS (
        SELECT FROM decisions_shareend AS ended WHERE ended.share_id = share.id
    )
    UNION ALL SELECT advice.decision_id FROM decisions_held_advice(person) AS held
    JOIN decisions_advice AS advice ON advice.id = held
$$
"""
FUNCTIONS = [
    Function("decisions_held_advice", HELD_ADVICE),
    Function("decisions_handed_decisions", HANDED_DECISIONS),
    Function("decisions_assigned_decisions", ASSIGNED_DECISIONS),
    Function("decisions_opened_decisions", OPENED_DECISIONS),
]


class _Keys(Func):
    """Array of what a function returns, which PostgreSQL makes once in a statement."""

    template = "ARRAY(SELECT key FROM %(function)s(%(expressions)s) AS key)"
    output_field = ArrayField(BigIntegerField())


def is_held_by(person: int | None, advice: str = "pk") -> Q:
    """Condition on the column that names a question."""
    return _is_any_of("decisions_held_advice", person, advice)


def is_assigned_to(person: int | None, decision: str = "pk") -> Q:
    """Condition on the column that names a decision."""
    return _is_any_of("decisions_assigned_decisions", person, decision)


def is_opened_to(person: int | None, decision: str = "pk") -> Q:
    """Condition on the column that names a decision."""
    return _is_any_of("decisions_opened_decisions", person, decision)


def _is_any_of(function: str, person: int | None, column: str) -> Q:
    return Q(IsAnyOf(column, _Keys(Value(person), function=function)))
