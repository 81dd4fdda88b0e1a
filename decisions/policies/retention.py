"""Looking after records: who has looked, how long they are kept, what is disclosed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import NotAllowed, NothingRecorded
from decisions.policies.rounds import check_something_is_recorded
from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from decisions.models import Decision, DisposalProposal
    from sharingwell.accounts.models import User


def check_can_see_access(user: User, decision: Decision) -> None:
    """Who has looked is for those who look after the organisation's records."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s IG managers can see who has looked at a decision.")


can_see_access = predicate(check_can_see_access)


def check_can_manage_records(user: User) -> None:
    """Retention, legal holds, disposal and subject access are for IG managers, in their own organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers look after how long records are kept.")


can_manage_records = predicate(check_can_manage_records)


def check_can_manage_retention(user: User, decision: Decision) -> None:
    """To lift a hold, to propose a disposal and to decline one."""
    check_can_manage_records(user)
    if user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers look after how long its records are kept.")


can_manage_retention = predicate(check_can_manage_retention)


def check_can_hold(user: User, decision: Decision) -> None:
    """What is not recorded yet, and what nobody was asked about, is its writer's alone. Raises NothingRecorded."""
    check_can_manage_retention(user, decision)
    _check_something_is_kept(decision)


can_hold = predicate(check_can_hold)


def check_can_confirm_disposal(user: User, proposal: DisposalProposal) -> None:
    """Disposal takes two people."""
    check_can_manage_records(user)
    if user.organisation != proposal.organisation:
        raise NotAllowed("Only the organisation’s own IG managers dispose of its records.")
    if proposal.by_id == user.pk:
        raise NotAllowed("You proposed this. Another IG manager has to confirm it.")


can_confirm_disposal = predicate(check_can_confirm_disposal)


def check_can_mark_for_disclosure(user: User, decision: Decision) -> None:
    """What the person it is about is given is for its keeper and the IG managers to say. Raises NothingRecorded."""
    if decision.responsible_person.pk != user.pk and not can_manage_retention(user, decision):
        raise NotAllowed(
            "Only whoever looks after this decision and the organisation’s IG managers say what is for disclosure."
        )
    _check_something_is_kept(decision)


can_mark_for_disclosure = predicate(check_can_mark_for_disclosure)


def _check_something_is_kept(decision: Decision) -> None:
    """A recorded round, or a question to an adviser on a draft."""
    try:
        check_something_is_recorded(decision)
    except NothingRecorded:
        if not decision.advice.exists():
            raise
