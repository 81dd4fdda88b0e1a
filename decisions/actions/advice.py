"""Asking for advice, and all that becomes of a question: each step is stated in one place, `_state`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.follow_up import A_MOMENT
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.domain.advice_workflow import Step
from decisions.errors import NoLongerThere
from decisions.models import Advice, AdviceStep, AdviceTarget, Round
from decisions.record.build import as_it_stands
from decisions.record.considerations import considered
from decisions.tasks.notifications import tell_of_question, tell_of_step
from guidance.choices import Part
from guidance.reading import questions

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


@transaction.atomic
def ask_advice(
    *,
    by: User,
    round: Round,
    question: str,
    adviser: User | None = None,
    urgent: bool = False,
    part: Part | str = "",
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> Advice:
    """Ask a colleague, or the IG team where nobody is named, about a round as it stands now.

    `identifier_reason` is why the question has to hold what looks like an identifier. Asked twice over, as when a button is
    pressed twice, it is asked once. `at` is now, unless said otherwise. Raises NotAllowed, NotAColleague, or
    NobodyToTakeIt for the IG team where there is none.
    """
    lock_decision(round.decision_id)
    related = ["decision__organisation", "decision__team", "decision__author", "version"]
    found = Round.objects.select_related(*related, "author__team__organisation").filter(pk=round.pk).first()
    if found is None:
        raise NoLongerThere
    round = found
    policies.check_can_ask(by, round)
    if adviser is None:
        policies.check_can_ask_ig_team(round)
    else:
        policies.check_can_be_asked(adviser, round)
    now = at or timezone.now()
    facts = {"by": by, "round": round, "question": question, "adviser": adviser, "urgent": urgent}
    asked_now = Advice.objects.open().filter(**facts, at__gt=now - A_MOMENT).first()
    if asked_now:
        return asked_now
    stood = round.record or as_it_stands(round, questions(round.version), considered(round), now)
    advice = Advice.objects.create(
        decision=round.decision,
        part=part,
        identifier_reason=identifier_reason,
        at=now,
        as_it_stood=stood,
        **facts,
    )
    record_in_ledger(by=by, row=advice)
    tell_of_question(advice)
    return advice


@transaction.atomic
def take_advice(*, by: User, advice: Advice, at: datetime.datetime | None = None) -> AdviceStep:
    """Out of the IG team's queue, or from somebody who has left. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_take(by, advice)
    return _state(by, advice, Step.TAKEN, to=by, at=at)


@transaction.atomic
def release_advice(*, by: User, advice: Advice, words: str = "", identifier_reason: str = "") -> AdviceStep:
    """Into the IG team's queue. Raises NotAllowed, AdviceConflict or NobodyToTakeIt."""
    advice = _locked(advice)
    policies.check_can_release(by, advice)
    return _state(by, advice, Step.RELEASED, words=words, identifier_reason=identifier_reason)


@transaction.atomic
def hand_on_advice(
    *, by: User, advice: Advice, to: User, words: str = "", identifier_reason: str = ""
) -> AdviceStep:
    """To a colleague, who has it in hand from now on. Raises NotAllowed, AdviceConflict or NotAColleague."""
    advice = _locked(advice)
    policies.check_can_hand_on(by, advice)
    policies.check_can_be_handed_advice(to, advice)
    return _state(by, advice, Step.HANDED_ON, words=words, identifier_reason=identifier_reason, to=to)


@transaction.atomic
def send_back_advice(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """With a question to whoever asked. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_send_back(by, advice)
    return _state(by, advice, Step.SENT_BACK, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def answer_adviser(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """What the adviser asked back. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_answer(by, advice)
    return _state(by, advice, Step.ANSWERED, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def reply_to_advice(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """Give the advice. Pressed twice, it is given once. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    given = advice.reply
    if given and given.by_id == by.pk and given.words == words:
        return given
    policies.check_can_reply(by, advice)
    return _state(by, advice, Step.REPLIED, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def withdraw_advice(*, by: User, advice: Advice, words: str = "", identifier_reason: str = "") -> AdviceStep:
    """The question needs no reply any more; its adviser reads it no more. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_withdraw(by, advice)
    return _state(by, advice, Step.WITHDRAWN, words=words, identifier_reason=identifier_reason)


@transaction.atomic
def settle_advice(
    *,
    by: User,
    advice: Advice,
    followed: bool,
    words: str = "",
    identifier_reason: str = "",
    at: datetime.datetime | None = None,
) -> AdviceStep:
    """Say whether the advice was followed and, where it was not, why. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    kind = Step.FOLLOWED if followed else Step.NOT_FOLLOWED
    said = advice.settlement
    if said and (said.by_id, said.kind, said.words) == (by.pk, kind, words):
        return said
    policies.check_can_settle(by, advice)
    return _state(by, advice, kind, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def set_advice_target(*, by: User, urgent_hours: int, days: int) -> AdviceTarget:
    """JsonPathArray how many working hours or days one's organisation means to reply. Raises NotAllowed."""
    policies.check_can_work_queue(by)
    assert by.organisation is not None
    target = AdviceTarget.objects.create(
        organisation=by.organisation, urgent_hours=urgent_hours, days=days, by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=target)
    return target


def _state(
    by: User,
    advice: Advice,
    kind: Step,
    *,
    words: str = "",
    identifier_reason: str = "",
    to: User | None = None,
    at: datetime.datetime | None = None,
) -> AdviceStep:
    step = AdviceStep.objects.create(
        advice=advice,
        number=len(advice.steps.all()) + 1,
        kind=kind,
        to=to,
        words=words,
        identifier_reason=identifier_reason,
        by=by,
        at=at or timezone.now(),
    )
    record_in_ledger(by=by, row=step)
    tell_of_step(advice, step)
    return step


def _locked(advice: Advice) -> Advice:
    """The question as it is now, its decision held until the transaction ends: no step comes between."""
    lock_decision(advice.decision_id)
    return Advice.objects.with_people().get(pk=advice.pk)
