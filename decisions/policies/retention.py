"""Permissions to manage records: access log, retention and disclosure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAllowed, NothingRecorded
from decisions.policies.rounds import check_has_recorded_round
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Decision, DisposalProposal
    from sharingwell.accounts.models import User


def check_can_see_access(user: User, decision: Decision) -> None:
    """The access log is for the organisation's IG managers."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s IG managers can see who has looked at a decision.")


can_see_access = predicate(check_can_see_access)


def check_can_manage_records(user: User) -> None:
    """Retention, legal holds, disposal and subject access are for IG managers, in their own organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers look after how long records are kept.")


can_manage_records = predicate(check_can_manage_records)


def check_can_manage_retention(user: User, decision: Decision) -> None:
    """To lift a hold, and to propose or decline a disposal."""
    check_can_manage_records(user)
    if user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers look after how long its records are kept.")


can_manage_retention = predicate(check_can_manage_retention)


def check_can_hold(user: User, decision: Decision) -> None:
    """Requires a recorded round or an advice request. Raises NothingRecorded."""
    check_can_manage_retention(user, decision)
    _check_has_recorded_fact(decision)


can_hold = predicate(check_can_hold)


def check_can_confirm_disposal(user: User, proposal: DisposalProposal) -> None:
    """A disposal requires a second person."""
    check_can_manage_records(user)
    if user.organisation != proposal.organisation:
        raise NotAllowed("Only the organisation’s own IG managers dispose of its records.")
    if proposal.by_id == user.pk:
        raise NotAllowed("You proposed this. Another IG manager has to confirm it.")


can_confirm_disposal = predicate(check_can_confirm_disposal)


def check_can_mark_for_disclosure(user: User, decision: Decision) -> None:
    """The responsible person and IG managers choose what is withheld. Raises NothingRecorded."""
    if decision.responsible_person.pk != user.pk and not can_manage_retention(user, decision):
        raise NotAllowed(
            "Only whoever looks after this decision and the organisation’s IG managers say what is for disclosure."
        )
    _check_has_recorded_fact(decision)


can_mark_for_disclosure = predicate(check_can_mark_for_disclosure)


def _check_has_recorded_fact(decision: Decision) -> None:
    """Requires a recorded round or an advice request. Raises NothingRecorded."""
    try:
        check_has_recorded_round(decision)
    except NothingRecorded:
        if not decision.advice.exists():
            raise
