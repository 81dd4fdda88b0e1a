"""Permissions to ask for and give advice. Permission to *read* a question is `Advice.objects.visible_to`.

The database enforces the same rules (`decisions.database.advice_triggers`); these add messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from decisions.domain.advice_workflow import TRANSITIONS, State, Step
from decisions.errors import AdviceConflict, NoAvailableAdviser, NotAColleague, NotAllowed
from sharingwell.accounts.models import Role, User
from sharingwell.accounts.policies import predicate

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from decisions.models import Advice, Decision, Round

OWN_ROUND = "Nobody advises on their own round, or on a decision they look after."


def check_can_ask(user: User, round: Round) -> None:
    """The author asks about a draft, the responsible person about a recorded round."""
    if user.pk != (round.decision.responsible_person.pk if round.is_recorded else round.author_id):
        raise NotAllowed("Only the person who looks after this decision can ask for advice on it.")


can_ask = predicate(check_can_ask)


def check_can_be_asked(person: User, round: Round) -> None:
    """Raises NotAColleague for someone from another organisation, who has left, or who took part in the round."""
    _check_colleague(person, round.decision)
    if person.pk in {round.author_id, round.decision.responsible_person.pk}:
        raise NotAColleague(OWN_ROUND)


can_be_asked = predicate(check_can_be_asked)


def check_can_ask_ig_team(round: Round) -> None:
    """Raises NoAvailableAdviser if no IG manager could take the question."""
    if not _ig_managers(
        round.decision, excluding={round.author_id, round.decision.responsible_person.pk}
    ).exists():
        raise NoAvailableAdviser(reverse("decisions:ask", args=[round.decision.reference, round.number]))


can_ask_ig_team = predicate(check_can_ask_ig_team)


def check_can_work_queue(user: User) -> None:
    """The IG team's queue and target times are for IG managers of the organisation."""
    if not user.has_role(Role.IG_MANAGER) or user.organisation is None:
        raise NotAllowed("Only IG managers see the IG team’s queue.")


can_work_queue = predicate(check_can_work_queue)


def check_can_take(user: User, advice: Advice) -> None:
    """Takes from the queue, or from an adviser who has left. Raises AdviceConflict."""
    check_can_work_queue(user)
    if user.organisation != advice.decision.organisation:
        raise NotAllowed("Only the organisation’s own IG managers take this question.")
    if _is_participant(user, advice):
        raise NotAllowed(OWN_ROUND)
    _check_transition(advice, Step.TAKEN)
    holder = advice.holder
    if holder is not None and not advice.adviser_has_left:
        name = "You have" if holder.pk == user.pk else f"{holder} has"
        raise AdviceConflict(advice, f"{name} this question in hand already.")


can_take = predicate(check_can_take)


def check_can_release(user: User, advice: Advice) -> None:
    """Raises AdviceConflict, or NoAvailableAdviser if no IG manager could take the question."""
    _check_holder(user, advice, Step.RELEASED)
    if not _ig_managers(advice.decision, excluding=_participants(advice)).exists():
        raise NoAvailableAdviser(reverse("advice:hand-on", args=[advice.pk]))


can_release = predicate(check_can_release)


def check_can_hand_on(user: User, advice: Advice) -> None:
    """Raises AdviceConflict."""
    _check_holder(user, advice, Step.HANDED_ON)


can_hand_on = predicate(check_can_hand_on)


def check_can_be_handed_advice(person: User, advice: Advice) -> None:
    """Raises NotAColleague as for asking, or for the current holder."""
    _check_colleague(person, advice.decision)
    if _is_participant(person, advice):
        raise NotAColleague(OWN_ROUND)
    if advice.holder == person:
        raise NotAColleague("This person has the question in hand already.")


can_be_handed_advice = predicate(check_can_be_handed_advice)


def check_can_send_back(user: User, advice: Advice) -> None:
    """Raises AdviceConflict."""
    _check_holder(user, advice, Step.SENT_BACK)


can_send_back = predicate(check_can_send_back)


def check_can_reply(user: User, advice: Advice) -> None:
    """Raises AdviceConflict if the question has a reply or is withdrawn."""
    _check_holder(user, advice, Step.REPLIED)


can_reply = predicate(check_can_reply)


def check_can_answer(user: User, advice: Advice) -> None:
    """The responsible person answers the adviser's question. Raises AdviceConflict."""
    _check_responsible(user, advice, Step.ANSWERED)


can_answer = predicate(check_can_answer)


def check_can_withdraw(user: User, advice: Advice) -> None:
    """Raises AdviceConflict."""
    _check_responsible(user, advice, Step.WITHDRAWN)


can_withdraw = predicate(check_can_withdraw)


def check_can_settle(user: User, advice: Advice) -> None:
    """The responsible person says whether a reply was followed. Raises AdviceConflict."""
    _check_responsible(user, advice, Step.FOLLOWED)


can_settle = predicate(check_can_settle)


def _check_holder(user: User, advice: Advice, step: Step) -> None:
    holder = advice.holder
    if holder is None or holder.pk != user.pk:
        raise NotAllowed("Only the adviser who has this question in hand can do this.")
    _check_transition(advice, step)
    if _is_participant(user, advice):
        raise NotAllowed(OWN_ROUND)


def _check_responsible(user: User, advice: Advice, step: Step) -> None:
    if advice.decision.responsible_person.pk != user.pk:
        raise NotAllowed("Only the person who looks after this decision can do this.")
    _check_transition(advice, step)


def _check_transition(advice: Advice, step: Step) -> None:
    state = advice.state
    if step in TRANSITIONS[state]:
        return
    if state is State.WITHDRAWN:
        raise AdviceConflict(advice, "This question was withdrawn. It needs no reply any more.")
    if step is Step.FOLLOWED and state is State.SETTLED:
        raise AdviceConflict(advice, "It is recorded already whether this advice was followed.")
    if state in {State.REPLIED, State.SETTLED}:
        raise AdviceConflict(advice, "There is a reply to this question already.")
    if state is State.SENT_BACK:
        raise AdviceConflict(advice, "This question was sent back. It waits for an answer first.")
    if step is Step.ANSWERED:
        raise AdviceConflict(advice, "The adviser is not waiting for an answer, or has one already.")
    raise AdviceConflict(advice, "There is no reply to this question yet.")


def _check_colleague(person: User, decision: Decision) -> None:
    if not person.is_active:
        raise NotAColleague("This person has left, so they cannot be asked. Choose somebody else.")
    if person.organisation != decision.organisation:
        raise NotAColleague("Only somebody in your organisation who has an account can be named.")


def _ig_managers(decision: Decision, *, excluding: set[int]) -> QuerySet[User]:
    return User.objects.ig_managers_of(decision.organisation).exclude(pk__in=excluding)


def _is_participant(person: User, advice: Advice) -> bool:
    return person.pk in _participants(advice)


def _participants(advice: Advice) -> set[int]:
    return {advice.round.author_id, advice.by_id, advice.decision.responsible_person.pk}
