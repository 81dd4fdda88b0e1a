"""Triggers for the rules of advice: who may ask, who may be asked, and which step may follow."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger

from decisions.domain.advice_workflow import BY_THE_ADVISER, PLACING, TRANSITIONS, State, Step
from sharingwell.accounts.models import Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

# The responsible person of the decision `asked.decision_id`: the latest hand-over, or else the author.
RESPONSIBLE_PERSON = """
    SELECT coalesce(
        (SELECT given.to_id FROM decisions_handover AS given
            WHERE given.reference = decision.reference ORDER BY given.id DESC LIMIT 1),
        decision.author_id
    )
    FROM decisions_decision AS decision WHERE decision.id = asked.decision_id
"""
TOOK_PART = f"asked.author_id, asked.by_id, ({RESPONSIBLE_PERSON})"
COLLEAGUE = """
    SELECT FROM decisions_decision AS decision
    JOIN accounts_team AS team ON team.organisation_id = decision.organisation_id
    JOIN accounts_user AS person ON person.team_id = team.id AND person.is_active
    WHERE decision.id = asked.decision_id AND {who}
"""
NO_AVAILABLE_ADVISER = "The organisation has no IG manager who could take it."
NOT_A_COLLEAGUE = "Only somebody of the organisation who has not left gives advice."
OWN_ROUND = "Nobody advises on their own round."


def advice_request_triggers() -> pgtrigger.Trigger:
    """Requires a round of the same decision, and an adviser of the organisation who took no part in it."""
    return NonBypassableTrigger(
        name="advice_request_triggers",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("asked", "RECORD")],
        func=f"""
            SELECT round.decision_id, round.author_id AS author_id, NEW.by_id AS by_id INTO asked
                FROM decisions_round AS round WHERE round.id = NEW.round_id;
            IF asked.decision_id IS DISTINCT FROM NEW.decision_id THEN
                {REFUSE.format(message="The round is one of another decision.")}
            END IF;
            IF NEW.adviser_id IS NOT NULL THEN
                {_an_adviser("NEW.adviser_id")}
            ELSE
                {_somebody_to_take_it()}
            END IF;
            RETURN NEW;
        """,  # names of ours
    )


def advice_step_triggers() -> pgtrigger.Trigger:
    """Requires consecutive numbers, a step that may follow, and the person who may take it.

    Concurrent steps compute the same number, which is unique: one of them fails.
    """
    return NonBypassableTrigger(
        name="advice_step_triggers",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("asked", "RECORD"), ("last", "RECORD"), ("holder", "BIGINT"), ("has_left", "BOOLEAN")],
        func=f"""
            SELECT advice.decision_id, advice.adviser_id, advice.by_id, round.author_id INTO asked
                FROM decisions_advice AS advice JOIN decisions_round AS round ON round.id = advice.round_id
                WHERE advice.id = NEW.advice_id;
            SELECT step.number, step.kind INTO last FROM decisions_advicestep AS step
                WHERE step.advice_id = NEW.advice_id ORDER BY step.number DESC LIMIT 1;
            SELECT step.to_id INTO holder FROM decisions_advicestep AS step
                WHERE step.advice_id = NEW.advice_id AND step.kind IN ({_listed(PLACING)})
                ORDER BY step.number DESC LIMIT 1;
            IF NOT FOUND THEN holder := asked.adviser_id; END IF;
            has_left := holder IS NOT NULL AND NOT EXISTS ({COLLEAGUE.format(who="person.id = holder")});

            IF NEW.number <> coalesce(last.number, 0) + 1 THEN
                {REFUSE.format(message="Something else has happened to this question meanwhile.")}
            END IF;
            IF NOT (CASE {_may_follow()} END) THEN
                {REFUSE.format(message="This question does not take that any more, or not yet.")}
            END IF;
            IF NEW.kind = '{Step.TAKEN}' AND holder IS NOT NULL AND NOT has_left THEN
                {REFUSE.format(message="Somebody has taken this question already.")}
            END IF;
            IF NEW.kind IN ({_listed(BY_THE_ADVISER)}) THEN
                IF NEW.by_id IS DISTINCT FROM holder THEN
                    {REFUSE.format(message="Only the adviser who has this question in hand does that.")}
                END IF;
                {_an_adviser("NEW.by_id")}
            END IF;
            IF NEW.kind = '{Step.RELEASED}' THEN
                {_somebody_to_take_it()}
            END IF;
            IF NEW.to_id IS NOT NULL THEN
                {_an_adviser("NEW.to_id")}
            END IF;
            RETURN NEW;
        """,  # names of ours
    )


def _may_follow() -> str:
    """Writes the transitions of `decisions.domain.advice_workflow` as a CASE expression."""
    stands = {
        State.SENT_BACK: f"last.kind = '{Step.SENT_BACK}'",
        State.REPLIED: f"last.kind = '{Step.REPLIED}'",
        State.WITHDRAWN: f"last.kind = '{Step.WITHDRAWN}'",
        State.SETTLED: f"last.kind IN ('{Step.FOLLOWED}', '{Step.NOT_FOLLOWED}')",
        State.QUEUED: "holder IS NULL",
        State.WITH_ADVISER: "TRUE",
    }
    return " ".join(
        f"WHEN {where} THEN "
        + (f"NEW.kind IN ({_listed(TRANSITIONS[state])})" if TRANSITIONS[state] else "FALSE")
        for state, where in stands.items()
    )


def _an_adviser(person: str) -> str:
    """Refuses an adviser who has left, works elsewhere, wrote the round, is responsible for it, or asked."""
    return f"""
        IF NOT EXISTS ({COLLEAGUE.format(who=f"person.id = {person}")}) THEN
            {REFUSE.format(message=NOT_A_COLLEAGUE)}
        END IF;
        IF {person} IN ({TOOK_PART}) THEN
            {REFUSE.format(message=OWN_ROUND)}
        END IF;
    """


def _somebody_to_take_it() -> str:
    """Refuses a question to the IG team where no IG manager could take it."""
    takers = f"'{Role.IG_MANAGER}' = ANY (person.roles) AND person.id NOT IN ({TOOK_PART})"
    return f"""
        IF NOT EXISTS ({COLLEAGUE.format(who=takers)}) THEN
            {REFUSE.format(message=NO_AVAILABLE_ADVISER)}
        END IF;
    """


def _listed(steps: Iterable[Step]) -> str:
    return ", ".join(f"'{step}'" for step in steps)
