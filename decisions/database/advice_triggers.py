"""The rules of asking for advice as PostgreSQL holds to them, whatever the code does."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger

from decisions.domain.advice_workflow import BY_THE_ADVISER, PLACING, TRANSITIONS, State, Step
from sharingwell.accounts.models import Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger

# Of the decision `asked.decision_id`: whoever it was handed over to last, or else its author.
KEEPER = """
    SELECT coalesce(
        (SELECT given.to_id FROM decisions_handover AS given
            WHERE given.reference = decision.reference ORDER BY given.id DESC LIMIT 1),
        decision.author_id
    )
    FROM decisions_decision AS decision WHERE decision.id = asked.decision_id
"""
HAVE_A_PART = f"asked.author_id, asked.by_id, ({KEEPER})"
COLLEAGUE = """
    SELECT FROM decisions_decision AS decision
    JOIN accounts_team AS team ON team.organisation_id = decision.organisation_id
    JOIN accounts_user AS person ON person.team_id = team.id AND person.is_active
    WHERE decision.id = asked.decision_id AND {who}
"""
NOBODY_TO_TAKE_IT = "The organisation has no IG manager who could take it."
NOT_A_COLLEAGUE = "Only somebody of the organisation who has not left gives advice."
THEIR_OWN = "Nobody advises on their own round."


def advice_request_triggers() -> pgtrigger.Trigger:
    """A question is about a round of its decision, and whom it names is a colleague with no part in it."""
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
        """,  # noqa: S608  # names of ours
    )


def advice_step_triggers() -> pgtrigger.Trigger:
    """One step after another, each of those that may follow, by whom it is for.

    Two at once have the same number, of which there is one: so nobody takes what another has just taken.
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
        """,  # noqa: S608  # names of ours
    )


def _may_follow() -> str:
    """Where a question stands, after the last step, and what it takes there: the table of `decisions.domain.advice_workflow`."""
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
    """Refuses whoever has left or works elsewhere, who wrote the round, looks after the decision, or asked."""
    return f"""
        IF NOT EXISTS ({COLLEAGUE.format(who=f"person.id = {person}")}) THEN
            {REFUSE.format(message=NOT_A_COLLEAGUE)}
        END IF;
        IF {person} IN ({HAVE_A_PART}) THEN
            {REFUSE.format(message=THEIR_OWN)}
        END IF;
    """


def _somebody_to_take_it() -> str:
    """Refuses to put into the IG team's queue what nobody could take out of it."""
    takers = f"'{Role.IG_MANAGER}' = ANY (person.roles) AND person.id NOT IN ({HAVE_A_PART})"
    return f"""
        IF NOT EXISTS ({COLLEAGUE.format(who=takers)}) THEN
            {REFUSE.format(message=NOBODY_TO_TAKE_IT)}
        END IF;
    """


def _listed(steps: Iterable[Step]) -> str:
    return ", ".join(f"'{step}'" for step in steps)
