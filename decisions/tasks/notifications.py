"""Whom to tell that something waits for them, because of what was just stated.

What is told names no case: see `sharingwell.notifications`. What a day brings is in `decisions.tasks.reminders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from decisions import policies
from decisions.domain.advice_workflow import Step
from decisions.models import Review
from sharingwell.accounts.models import User
from sharingwell.notifications.actions import notify
from sharingwell.notifications.models import Kind

if TYPE_CHECKING:
    from decisions.models import Advice, AdviceStep, Decision


def who_may_reply(advice: Advice, holder: User | None) -> list[User]:
    """The adviser who has it in hand, or the IG managers: but for those who may not advise on it."""
    if holder is not None:
        return [holder]
    team = User.objects.ig_managers_of(advice.decision.organisation)
    return [person for person in team if policies.can_be_handed_advice(person, advice)]


def tell_of_question(advice: Advice) -> None:
    for person in who_may_reply(advice, advice.adviser):
        _tell(person, Kind.ADVICE_ASKED, advice, f"advice-{advice.pk}-asked")


def tell_of_step(advice: Advice, step: AdviceStep) -> None:
    """Whoever has to go on from here; nobody where it is over, or whoever took it has it in hand."""
    event_key = f"advice-{advice.pk}-step-{step.number}"
    match step.kind:
        case Step.RELEASED | Step.HANDED_ON:
            holder = step.to
        case Step.ANSWERED:
            holder = advice.holder
        case Step.SENT_BACK | Step.REPLIED:
            _tell(advice.decision.responsible_person, Kind.ADVICE_REPLIED, advice, event_key)
            return
        case _:
            return
    for person in who_may_reply(advice, holder):
        if person.pk != step.by_id:
            _tell(person, Kind.ADVICE_ASKED, advice, event_key)


def tell_of_review(review: Review, decision: Decision) -> None:
    """Whoever looks after the decision, where something is asked of them."""
    if review.finding in Review.ASKS:
        notify(
            to=decision.responsible_person,
            kind=Kind.FOLLOW_UP_ASKED,
            reference=decision.reference,
            path=decision.get_absolute_url(),
            event_key=f"review-{review.pk}",
        )


def _tell(person: User, kind: Kind, advice: Advice, event_key: str) -> None:
    notify(
        to=person,
        kind=kind,
        reference=advice.decision.reference,
        path=advice.get_absolute_url(),
        event_key=event_key,
        urgent=advice.urgent,
    )
