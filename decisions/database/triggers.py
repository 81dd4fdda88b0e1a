"""Triggers that keep recorded rows from changing.

Declared in the `Meta` of each model. Only the owner of a table, or a superuser, can switch them off; `decisions.ledger`
finds what was done meanwhile.
"""

from __future__ import annotations

import pgtrigger

from sharingwell.accounts.models import Role
from sharingwell.database.triggers import REFUSE, NonBypassableTrigger, organisation_is_final

RECORDED_ROUND = """
    SELECT FROM decisions_round AS round
    WHERE round.decision_id = NEW.decision_id AND round.recorded_at IS NOT NULL
"""
ASKED_ABOUT = "SELECT FROM decisions_advice AS advice WHERE advice.decision_id = NEW.decision_id"
LATEST_RECORDED_ROUND = """
    SELECT FROM decisions_round AS round
    WHERE round.id = NEW.round_id AND round.recorded_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM decisions_round AS later
        WHERE later.decision_id = round.decision_id AND later.number > round.number
    )
"""
# Deletes pass only after a confirmed disposal that names the row and is in the ledger. `decision`: the key of the row's
# decision, in SQL. A kind of the ledger has the name of its table, with underscores.
DISPOSED = """
    SELECT FROM decisions_disposalproposal AS proposal
    JOIN decisions_disposalanswer AS answer ON answer.proposal_id = proposal.id AND answer.confirmed
    JOIN decisions_ledgerentry AS entry ON entry.kind = 'disposal_answer' AND entry.subject = answer.id
        AND entry.organisation_id = proposal.organisation_id
    CROSS JOIN jsonb_each(answer.removed) AS removed
    WHERE proposal.decision_key = {decision} AND removed.value @> to_jsonb(OLD.id)
        AND 'decisions_' || replace(removed.key, '_', '') = TG_TABLE_NAME
"""
OF_THE_DECISION = "OLD.decision_id"
OF_THE_ROUND = "(SELECT decision_id FROM decisions_round WHERE id = OLD.round_id)"
OF_THE_REFERENCE = "(SELECT id FROM decisions_decision WHERE reference = OLD.reference)"
NEVER_CHANGES = "What is recorded never changes. Add to it instead."
NEVER_EMPTIED = "What is recorded is never deleted, so no table that may hold it is emptied at once."


def append_only(*, of: str = "") -> list[pgtrigger.Trigger]:
    """Refuses UPDATE, DELETE and TRUNCATE.

    `of` is the key of the row's decision, in SQL; rows of a disposed decision may be deleted.
    """
    refuse = REFUSE.format(message=NEVER_CHANGES)
    rows = NonBypassableTrigger(
        name="append_only",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"{_unless_disposed(of)} {refuse}" if of else refuse,
    )
    return [rows, _no_truncate(refuse)]


def recorded_is_final() -> list[pgtrigger.Trigger]:
    """For rounds: a round begins as a draft, and does not change once it is recorded.

    Recording locks the decision, so that its description does not change meanwhile.
    """
    begins_as_draft = NonBypassableTrigger(
        name="begins_as_draft",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.recorded_at IS NOT NULL"),
        func=REFUSE.format(message="A round begins as a draft."),
    )
    recording = NonBypassableTrigger(
        name="recording_locks_decision",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.recorded_at IS NULL AND NEW.recorded_at IS NOT NULL"),
        func="PERFORM FROM decisions_decision WHERE id = NEW.decision_id FOR SHARE; RETURN NEW;",
    )
    recorded = NonBypassableTrigger(
        name="recorded_is_final",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.recorded_at IS NOT NULL"),
        func=f"{_unless_disposed(OF_THE_DECISION)} {REFUSE.format(message=NEVER_CHANGES)}",
    )
    return [begins_as_draft, recording, recorded, _no_truncate(REFUSE.format(message=NEVER_EMPTIED))]


def description_is_final() -> list[pgtrigger.Trigger]:
    """For decisions: the description does not change once a round is recorded."""
    described = NonBypassableTrigger(
        name="description_is_final",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            {_unless_drafts("round.decision_id = OLD.id", NEVER_CHANGES)}
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
    return [described, organisation_is_final(), _no_truncate(REFUSE.format(message=NEVER_EMPTIED))]


def requires_latest_recorded_round() -> pgtrigger.Trigger:
    """Requires that `round` is recorded and the latest of its decision."""
    return _only_of(
        LATEST_RECORDED_ROUND,
        name="requires_latest_recorded_round",
        message="Only the latest round takes this, once it is recorded.",
    )


def requires_recorded_round() -> pgtrigger.Trigger:
    """Requires that `decision` has a recorded round."""
    return _only_of(
        RECORDED_ROUND,
        name="requires_recorded_round",
        message="A decision takes this once a round of it is recorded.",
    )


def requires_recorded_round_or_advice() -> pgtrigger.Trigger:
    """Requires that `decision` has a recorded round or an advice request."""
    return _only_of(
        f"{RECORDED_ROUND} UNION ALL {ASKED_ABOUT}",
        name="requires_recorded_round_or_advice",
        message="A decision takes this once something of it is recorded.",
    )


def requires_colleague(column: str, *, of: str) -> pgtrigger.Trigger:
    """Requires that the person in `column` works for the organisation of the decision that `of` selects."""
    return _only_of(
        f"""
        SELECT FROM decisions_decision AS decision
        JOIN accounts_team AS team ON team.organisation_id = decision.organisation_id
        JOIN accounts_user AS person ON person.team_id = team.id
        WHERE {of} AND person.id = NEW.{column}
        """,  # names of ours
        name="requires_colleague",
        message="Only somebody of the organisation may have to do with its decisions.",
    )


def requires_ig_manager(organisation: str = "NEW.organisation_id") -> pgtrigger.Trigger:
    """Requires that `by` is an active IG manager of this organisation, given in SQL."""
    return _only_of(
        f"""
        SELECT FROM accounts_user AS person JOIN accounts_team AS team ON team.id = person.team_id
        WHERE person.id = NEW.by_id AND person.is_active AND '{Role.IG_MANAGER}' = ANY (person.roles)
            AND team.organisation_id = {organisation}
        """,
        name="requires_ig_manager",
        message="Only an IG manager of the organisation looks after how long its records are kept.",
    )


def _only_of(rows: str, *, name: str, message: str) -> pgtrigger.Trigger:
    """Refuses an INSERT unless this query returns rows."""
    return NonBypassableTrigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"IF NOT EXISTS ({rows}) THEN {REFUSE.format(message=message)} END IF; RETURN NEW;",
    )


def _unless_disposed(of: str) -> str:
    return f"IF TG_OP = 'DELETE' AND EXISTS ({DISPOSED.format(decision=of)}) THEN RETURN OLD; END IF;"


def _unless_drafts(of_which: str, message: str) -> str:
    return f"""
        IF EXISTS (SELECT FROM decisions_round AS round WHERE {of_which} AND round.recorded_at IS NOT NULL) THEN
            {REFUSE.format(message=message)}
        END IF;
    """


def _no_truncate(refuse: str) -> pgtrigger.Trigger:
    """Refuses TRUNCATE without reading rows, which row security may hide from the owner."""
    return NonBypassableTrigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"{refuse} RETURN NULL;",
    )
