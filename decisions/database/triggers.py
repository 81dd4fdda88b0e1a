"""What is recorded never changes: triggers by which PostgreSQL itself refuses, whatever the code does.

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
# The one way through: rows of a decision whose disposal another person has confirmed, once that is in the ledger. They
# may be deleted, and never changed. What hangs on a decision says how it knows its decision's key.
DISPOSED = """
    SELECT FROM decisions_disposalproposal AS proposal
    JOIN decisions_disposalanswer AS answer ON answer.proposal_id = proposal.id AND answer.confirmed
    JOIN decisions_ledgerentry AS entry ON entry.kind = 'disposal_answer' AND entry.subject = answer.id
        AND entry.organisation_id = proposal.organisation_id
    WHERE proposal.decision_key = {decision}
"""
OF_THE_DECISION = "OLD.decision_id"
OF_THE_ROUND = "(SELECT decision_id FROM decisions_round WHERE id = OLD.round_id)"
OF_THE_REFERENCE = "(SELECT id FROM decisions_decision WHERE reference = OLD.reference)"
NEVER_CHANGES = "What is recorded never changes. Add to it instead."
NEVER_EMPTIED = "What is recorded is never deleted, so no table that may hold it is emptied at once."


def append_only(*, of: str = "") -> list[pgtrigger.Trigger]:
    """Rows are added and stay as they are: no update, no delete, no truncate.

    `of` is the key of the decision that a row hangs on, in SQL, and lets the row go when that is disposed of.
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
    """For rounds: recording is the last thing that happens to one, and happens to a draft.

    The decision is held while one is recorded, so that its description does not change under the record.
    """
    born_recorded = NonBypassableTrigger(
        name="begins_as_draft",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.recorded_at IS NOT NULL"),
        func=REFUSE.format(message="A round begins as a draft."),
    )
    being_recorded = NonBypassableTrigger(
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
    return [born_recorded, being_recorded, recorded, _no_truncate(REFUSE.format(message=NEVER_EMPTIED))]


def description_is_final() -> list[pgtrigger.Trigger]:
    """For decisions: what one is about is part of each record of it."""
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
    """A row with a `round` is about one that is recorded, and that no other has followed yet."""
    return _only_of(
        LATEST_RECORDED_ROUND,
        name="requires_latest_recorded_round",
        message="Only the latest round takes this, once it is recorded.",
    )


def requires_recorded_round() -> pgtrigger.Trigger:
    """A row with a `decision` is about one of which a round is recorded."""
    return _only_of(
        RECORDED_ROUND,
        name="requires_recorded_round",
        message="A decision takes this once a round of it is recorded.",
    )


def requires_recorded_round_or_advice() -> pgtrigger.Trigger:
    """A row with a `decision` is about one of which a round is recorded, or on a draft of which advice was asked."""
    return _only_of(
        f"{RECORDED_ROUND} UNION ALL {ASKED_ABOUT}",
        name="requires_recorded_round_or_advice",
        message="A decision takes this once something of it is recorded.",
    )


def requires_colleague(column: str, *, of: str) -> pgtrigger.Trigger:
    """Whoever is named in this column works for the organisation of the decision that the row is `of`."""
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
    """A row is `by` an IG manager of this organisation, in SQL, who has not left."""
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
    """Refuses a new row unless there are such rows."""
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
    """Asks for no rows: an owner who has said no organisation would see none, and empty what they do not see."""
    return NonBypassableTrigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"{refuse} RETURN NULL;",
    )
