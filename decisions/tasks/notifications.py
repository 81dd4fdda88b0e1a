"""Notifications caused by a recorded fact. Those caused by a date are in `decisions.tasks.reminders`.

Notifications contain no case details: see `sharingwell.notifications`.
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
    """The holder of the question, or the IG managers who may advise on it."""
    if holder is not None:
        return [holder]
    team = User.objects.ig_managers_of(advice.decision.organisation)
    return [person for person in team if policies.can_be_handed_advice(person, advice)]


def tell_of_question(advice: Advice) -> None:
    for person in who_may_reply(advice, advice.adviser):
        _tell(person, Kind.ADVICE_ASKED, advice, f"advice-{advice.pk}-asked")


def tell_of_step(advice: Advice, step: AdviceStep) -> None:
    """Notify the person with the next step, unless they took the step themselves or the question is settled."""
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
    """Notify the responsible person if the review asks something of them."""
    if review.finding in Review.NEEDS_RESPONSE:
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
