"""Who may do what with a decision. Who may *read* one is `Decision.objects.visible_to`.

Rules come in pairs: `check_can_…` raises NotAllowed with words for the person, `can_…` answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions.errors import (
    DecisionIsClosed,
    DraftFirst,
    DraftInProgress,
    NotAColleague,
    NotAllowed,
    NothingRecorded,
    NotMarkedAsLearning,
    NotNow,
    RoundIsRecorded,
)
from decisions.models.review import had_a_part, learning_in
from sharingwell.accounts.models import Role

if TYPE_CHECKING:
    from decisions.models import Decision, DisposalProposal, Round
    from sharingwell.accounts.models import User

DECIDING_ROLES = frozenset({Role.PRACTITIONER, Role.MANAGER, Role.IG_MANAGER})


def check_can_start(user: User) -> None:
    if user.team is None or DECIDING_ROLES.isdisjoint(user.roles):
        raise NotAllowed(
            "Your account is not set up to record decisions. Ask your administrator to add a role."
        )


def can_start(user: User) -> bool:
    try:
        check_can_start(user)
    except NotAllowed:
        return False
    return True


def check_can_describe(user: User, decision: Decision) -> None:
    """Direction, summary and case reference belong to the record: they change only before the first one."""
    if decision.keeper.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can change it.")
    for round in decision.rounds.all():
        if round.is_recorded:
            raise RoundIsRecorded(round)


def can_describe(user: User, decision: Decision) -> bool:
    try:
        check_can_describe(user, decision)
    except (NotAllowed, RoundIsRecorded):
        return False
    return True


def check_can_go_round_again(user: User, decision: Decision) -> None:
    """The next round is the keeper's to write, once the one before is recorded. Raises DraftInProgress."""
    if decision.keeper.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can go round again.")
    for round in decision.rounds.all():
        if not round.is_recorded:
            raise DraftInProgress(round)


def can_go_round_again(user: User, decision: Decision) -> bool:
    try:
        check_can_go_round_again(user, decision)
    except (NotAllowed, DraftInProgress):
        return False
    return True


def check_can_write(user: User, round: Round) -> None:
    """A draft is its author's alone. Raises RoundIsRecorded when it is not a draft any more."""
    if round.author_id != user.pk:
        raise NotAllowed("Only the person writing this round can change it.")
    if round.is_recorded:
        raise RoundIsRecorded(round)


def can_write(user: User, round: Round) -> bool:
    try:
        check_can_write(user, round)
    except (NotAllowed, RoundIsRecorded):
        return False
    return True


def check_can_follow_up(user: User, decision: Decision) -> None:
    """What came of a decision is its keeper's to say, once something is recorded. Raises NothingRecorded."""
    if decision.keeper.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can say what happened next.")
    _check_something_is_recorded(decision)


def can_follow_up(user: User, decision: Decision) -> bool:
    try:
        check_can_follow_up(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_move_look_again(user: User, decision: Decision) -> None:
    """The day is the keeper's to move, while the matter rests. Raises NothingRecorded, DraftFirst, DecisionIsClosed."""
    if decision.keeper.pk != user.pk:
        raise NotAllowed(
            "Only the person who looks after this decision can choose another day to look again."
        )
    _check_rests_and_is_not_closed(decision)


def can_move_look_again(user: User, decision: Decision) -> bool:
    try:
        check_can_move_look_again(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_close(user: User, decision: Decision) -> None:
    """The keeper closes a matter that rests. Raises NothingRecorded, DraftFirst, DecisionIsClosed."""
    if decision.keeper.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can close it.")
    _check_rests_and_is_not_closed(decision)


def can_close(user: User, decision: Decision) -> bool:
    try:
        check_can_close(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def _check_something_is_recorded(decision: Decision) -> None:
    rounds = decision.rounds.all()
    if not any(round.is_recorded for round in rounds):
        raise NothingRecorded(rounds[0])


def _check_rests_and_is_not_closed(decision: Decision) -> None:
    _check_something_is_recorded(decision)
    latest = max(decision.rounds.all(), key=lambda round: round.number)
    if not latest.is_recorded:
        raise DraftFirst(latest)
    if hasattr(latest, "closure"):
        raise DecisionIsClosed(decision)


def check_can_see_access(user: User, decision: Decision) -> None:
    """Who has looked is for those who look after the organisation's records."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s IG managers can see who has looked at a decision.")


def can_see_access(user: User, decision: Decision) -> bool:
    try:
        check_can_see_access(user, decision)
    except NotAllowed:
        return False
    return True


def check_can_review_the_log(user: User) -> None:
    """Reviewing is for IG managers, in their own organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers review decisions.")


def can_review_the_log(user: User) -> bool:
    try:
        check_can_review_the_log(user)
    except NotAllowed:
        return False
    return True


def check_can_review(user: User, decision: Decision) -> None:
    """An IG manager of its organisation who had no part in it, once something is recorded. Raises NothingRecorded."""
    check_can_review_the_log(user)
    if user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers review its decisions.")
    if had_a_part(user, decision):
        raise NotAllowed("You had a part in this decision. Another IG manager has to review it.")
    _check_something_is_recorded(decision)


def can_review(user: User, decision: Decision) -> bool:
    try:
        check_can_review(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_look_after_records(user: User) -> None:
    """Retention, legal holds, disposal and subject access are for IG managers, in their own organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers look after how long records are kept.")


def can_look_after_records(user: User) -> bool:
    try:
        check_can_look_after_records(user)
    except NotAllowed:
        return False
    return True


def check_can_retain(user: User, decision: Decision) -> None:
    """To lift a hold, to propose a disposal and to decline one."""
    check_can_look_after_records(user)
    if user.organisation != decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers look after how long its records are kept.")


def can_retain(user: User, decision: Decision) -> bool:
    try:
        check_can_retain(user, decision)
    except NotAllowed:
        return False
    return True


def check_can_hold(user: User, decision: Decision) -> None:
    """What is not recorded yet is its writer's alone. Raises NothingRecorded."""
    check_can_retain(user, decision)
    _check_something_is_recorded(decision)


def can_hold(user: User, decision: Decision) -> bool:
    try:
        check_can_hold(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_confirm_disposal(user: User, proposal: DisposalProposal) -> None:
    """Disposal takes two people."""
    check_can_look_after_records(user)
    if user.organisation != proposal.organisation:
        raise NotAllowed("Only the organisation’s own IG managers dispose of its records.")
    if proposal.by_id == user.pk:
        raise NotAllowed("You proposed this. Another IG manager has to confirm it.")


def can_confirm_disposal(user: User, proposal: DisposalProposal) -> bool:
    try:
        check_can_confirm_disposal(user, proposal)
    except NotAllowed:
        return False
    return True


def check_can_mark_for_disclosure(user: User, decision: Decision) -> None:
    """What the person it is about is given is for its keeper and the IG managers to say. Raises NothingRecorded."""
    if decision.keeper.pk != user.pk and not can_retain(user, decision):
        raise NotAllowed(
            "Only whoever looks after this decision and the organisation’s IG managers say what is for disclosure."
        )
    _check_something_is_recorded(decision)


def can_mark_for_disclosure(user: User, decision: Decision) -> bool:
    try:
        check_can_mark_for_disclosure(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_share(user: User, decision: Decision) -> None:
    """Its keeper says who else needs to know, once there is something to read. Raises NothingRecorded."""
    check_can_end_share(user, decision)
    _check_something_is_recorded(decision)


def can_share(user: User, decision: Decision) -> bool:
    try:
        check_can_share(user, decision)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_end_share(user: User, decision: Decision) -> None:
    if decision.keeper.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can say who else reads it.")


def can_end_share(user: User, decision: Decision) -> bool:
    try:
        check_can_end_share(user, decision)
    except NotAllowed:
        return False
    return True


def check_can_hand_over(user: User, decision: Decision) -> None:
    """Those who look after the work of others: managers of its team, IG managers of its organisation."""
    manages = user.has_role(Role.MANAGER) and user.team_id == decision.team_id
    looks_after_records = user.has_role(Role.IG_MANAGER) and user.organisation == decision.organisation
    if not manages and not looks_after_records:
        raise NotAllowed("Only a manager of its team or an IG manager can hand this decision over.")


def can_hand_over(user: User, decision: Decision) -> bool:
    try:
        check_can_hand_over(user, decision)
    except NotAllowed:
        return False
    return True


def check_can_be_shared_with(person: User, decision: Decision) -> None:
    """Raises NotAColleague: somebody elsewhere, who has left, or who looks after it anyway."""
    if not person.is_active or person.organisation != decision.organisation:
        raise NotAColleague("Only somebody in your organisation who has an account can be named.")
    if decision.keeper.pk == person.pk:
        raise NotAColleague("This person looks after the decision already.")


def check_can_be_handed(person: User, decision: Decision) -> None:
    """Raises NotAColleague: as for sharing, or somebody who records no decisions."""
    check_can_be_shared_with(person, decision)
    if not can_start(person):
        raise NotAColleague(
            "This person’s account is not set up to record decisions. Ask your administrator."
        )


def can_be_shared_with(person: User, decision: Decision) -> bool:
    try:
        check_can_be_shared_with(person, decision)
    except NotAColleague:
        return False
    return True


def can_be_handed(person: User, decision: Decision) -> bool:
    try:
        check_can_be_handed(person, decision)
    except NotAColleague:
        return False
    return True


def check_can_see_patterns(user: User) -> None:
    """Figures of an organisation are for its IG managers."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers see the patterns in their organisation’s decisions.")


def can_see_patterns(user: User) -> bool:
    try:
        check_can_see_patterns(user)
    except NotAllowed:
        return False
    return True


def check_can_draft_example(user: User, round: Round) -> None:
    """From what a review of the organisation's own marks as learning. Raises NotMarkedAsLearning."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation != round.decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers write examples from its decisions.")
    if learning_in(round) is None:
        raise NotMarkedAsLearning(round)


def can_draft_example(user: User, round: Round) -> bool:
    try:
        check_can_draft_example(user, round)
    except (NotAllowed, NotNow):
        return False
    return True


def check_can_see_partnership(user: User) -> None:
    """Figures of all organisations together, without any text; the role opens no decision."""
    if not user.has_role(Role.PARTNERSHIP_LEAD):
        raise NotAllowed("Only partnership leads see the patterns across organisations.")


def can_see_partnership(user: User) -> bool:
    try:
        check_can_see_partnership(user)
    except NotAllowed:
        return False
    return True


def check_can_see_guide_use(user: User) -> None:
    """Figures of how a guide version is used, to improve the next."""
    if not user.has_role(Role.GUIDE_EDITOR):
        raise NotAllowed("Only guide editors see how the guide is used.")


def can_see_guide_use(user: User) -> bool:
    try:
        check_can_see_guide_use(user)
    except NotAllowed:
        return False
    return True
