"""Triggers for the rules of disposal: two IG managers, a decision that is due, no legal hold."""

from __future__ import annotations

import pgtrigger

from decisions.domain.retention_rules import DEFAULT_YEARS
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

HELD = """
    SELECT FROM decisions_hold AS hold
    WHERE hold.decision_id = {decision} AND NOT EXISTS (
        SELECT FROM decisions_release AS release WHERE release.hold_id = hold.id
    )
"""
ZONE = "Europe/London"
# Of the organisation of `decision`: the years of the latest rule for this outcome.
YEARS = """(
    SELECT rule.years FROM decisions_retentionrule AS rule
    WHERE rule.organisation_id = decision.organisation_id AND rule.outcome = {outcome} ORDER BY rule.id DESC LIMIT 1
)"""
DECIDED = """(
    SELECT round.outcome FROM decisions_round AS round
    WHERE round.decision_id = decision.id AND round.recorded_at IS NOT NULL ORDER BY round.number DESC LIMIT 1
)"""
# Of `decision`: the same as `decisions.models.retention_queries.with_last_activity`.
LAST_ACTIVITY = """greatest(
    decision.started_at,
    (SELECT max(greatest(round.recorded_at, round.started_at, (
        SELECT max((word.value ->> 'at')::timestamptz) FROM jsonb_each(round.saved) AS word
    ))) FROM decisions_round AS round WHERE round.decision_id = decision.id),
    (SELECT max(fact.at) FROM decisions_followup AS fact WHERE fact.decision_id = decision.id),
    (SELECT max(fact.at) FROM decisions_postponement AS fact
        JOIN decisions_round AS round ON round.id = fact.round_id WHERE round.decision_id = decision.id),
    (SELECT max(fact.at) FROM decisions_closure AS fact
        JOIN decisions_round AS round ON round.id = fact.round_id WHERE round.decision_id = decision.id),
    (SELECT max(fact.at) FROM decisions_advice AS fact WHERE fact.decision_id = decision.id),
    (SELECT max(fact.at) FROM decisions_advicestep AS fact
        JOIN decisions_advice AS advice ON advice.id = fact.advice_id WHERE advice.decision_id = decision.id)
)"""
# Of `decision`, today: the same as `decisions.models.retention_queries.fallen_due`.
IS_DUE = f"""
    ({DECIDED} IS NOT NULL OR EXISTS (
        SELECT FROM decisions_advice AS advice WHERE advice.decision_id = decision.id
    )) AND {LAST_ACTIVITY} < (
        (decisions_today() - make_interval(years => coalesce(
            {YEARS.format(outcome=DECIDED)}, {YEARS.format(outcome="''")}, {DEFAULT_YEARS}
        )))::date + 1
    )::timestamp AT TIME ZONE '{ZONE}'
"""  # constants of ours


def of_a_decision_not_held() -> pgtrigger.Trigger:
    """Requires an existing decision of the organisation that is not on legal hold."""
    return NonBypassableTrigger(
        name="of_a_decision_not_held",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (
                SELECT FROM decisions_decision AS decision
                WHERE decision.id = NEW.decision_key AND decision.reference = NEW.reference
                    AND decision.organisation_id = NEW.organisation_id
            ) OR EXISTS ({HELD.format(decision="NEW.decision_key")}) THEN
                {REFUSE.format(message="Only a decision that is there and not held can be disposed of.")}
            END IF;
            RETURN NEW;
        """,
    )


def confirmed_by_another_person() -> pgtrigger.Trigger:
    """Requires a second person, and a decision that is due and not on legal hold."""
    return NonBypassableTrigger(
        name="by_another_person",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.confirmed"),
        declare=[("proposal", "RECORD")],
        func=f"""
            SELECT * INTO proposal FROM decisions_disposalproposal AS proposed WHERE proposed.id = NEW.proposal_id;
            IF proposal.by_id = NEW.by_id OR EXISTS ({HELD.format(decision="proposal.decision_key")}) THEN
                {REFUSE.format(message="Another person confirms a disposal, and nothing that is held.")}
            END IF;
            IF NOT EXISTS (
                SELECT FROM decisions_decision AS decision WHERE decision.id = proposal.decision_key AND {IS_DUE}
            ) THEN
                {REFUSE.format(message="Only a decision that is due is disposed of.")}
            END IF;
            RETURN NEW;
        """,  # constants of ours
    )


def disposal_entry_is_true(at_in_words: str) -> pgtrigger.Trigger:
    """Requires the organisation, the person and the digest of the answer that a ledger entry is about.

    Rows of a decision may be deleted once there is one. Writes the answer in the canonical form of
    `decisions.ledger.canonical`; `at_in_words` is PostgreSQL's pattern of a moment in it.
    """
    return NonBypassableTrigger(
        name="disposal_entry_is_true",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.kind = 'disposal_answer'"),
        func=f"""
            IF NOT EXISTS (
                SELECT FROM decisions_disposalanswer AS answer
                JOIN decisions_disposalproposal AS proposal ON proposal.id = answer.proposal_id
                WHERE answer.id = NEW.subject AND answer.by_id = NEW.actor_id
                    AND proposal.organisation_id = NEW.organisation_id
                    AND NEW.fact = encode(sha256(convert_to(format('{{"disposal_answer":{{%s}}}}', (
                        SELECT string_agg(to_json(field.key)::text || ':' || CASE field.key
                            WHEN 'at' THEN to_json(to_char(answer.at AT TIME ZONE 'UTC', '{at_in_words}'))::text
                            WHEN 'removed' THEN format('{{%s}}', (
                                SELECT string_agg(
                                    to_json(kind.key)::text || ':' || replace(kind.value::text, ' ', ''), ','
                                    ORDER BY kind.key COLLATE "C"
                                ) FROM jsonb_each(answer.removed) AS kind
                            ))
                            ELSE field.value::text
                        END, ',' ORDER BY field.key COLLATE "C")
                        FROM jsonb_each(to_jsonb(answer)) AS field WHERE field.value <> 'null'
                    )), 'UTF8')), 'hex')
            ) THEN
                {REFUSE.format(message="The entry of a disposal says what was said, by whom, in their organisation.")}
            END IF;
            RETURN NEW;
        """,  # constants of ours
    )
