"""Asks for advice and moves a question through its steps, all written by `_add_step`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from decisions import policies
from decisions.actions.follow_up import DUPLICATE_WINDOW
from decisions.actions.ledger import record_in_ledger
from decisions.actions.locks import lock_decision
from decisions.domain.advice_workflow import Step
from decisions.errors import NoLongerThere
from decisions.models import Advice, AdviceStep, AdviceTarget, Round
from decisions.record.build import snapshot_of
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
    """Asks a colleague, or without `adviser` the IG team, about a round, with a snapshot of it.

    `identifier_reason` is the reason for a possible identifier in the question. A repeated submission is asked
    once. `at` defaults to now. Raises NotAllowed, NotAColleague, or NoAvailableAdviser for the IG team.
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
    duplicate = Advice.objects.open().filter(**facts, at__gt=now - DUPLICATE_WINDOW).first()
    if duplicate:
        return duplicate
    snapshot = round.record or snapshot_of(round, questions(round.version), considered(round), now)
    advice = Advice.objects.create(
        decision=round.decision,
        part=part,
        identifier_reason=identifier_reason,
        at=now,
        as_it_stood=snapshot,
        **facts,
    )
    record_in_ledger(by=by, row=advice)
    tell_of_question(advice)
    return advice


@transaction.atomic
def take_advice(*, by: User, advice: Advice, at: datetime.datetime | None = None) -> AdviceStep:
    """Takes a question from the queue or from an adviser who has left. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_take(by, advice)
    return _add_step(by, advice, Step.TAKEN, to=by, at=at)


@transaction.atomic
def release_advice(*, by: User, advice: Advice, words: str = "", identifier_reason: str = "") -> AdviceStep:
    """Releases a question to the IG team's queue. Raises NotAllowed, AdviceConflict or NoAvailableAdviser."""
    advice = _locked(advice)
    policies.check_can_release(by, advice)
    return _add_step(by, advice, Step.RELEASED, words=words, identifier_reason=identifier_reason)


@transaction.atomic
def hand_on_advice(
    *, by: User, advice: Advice, to: User, words: str = "", identifier_reason: str = ""
) -> AdviceStep:
    """Hands a question on to a colleague, its new holder. Raises NotAllowed, AdviceConflict or NotAColleague."""
    advice = _locked(advice)
    policies.check_can_hand_on(by, advice)
    policies.check_can_be_handed_advice(to, advice)
    return _add_step(by, advice, Step.HANDED_ON, words=words, identifier_reason=identifier_reason, to=to)


@transaction.atomic
def send_back_advice(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """Sends a question back with one for the responsible person. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_send_back(by, advice)
    return _add_step(by, advice, Step.SENT_BACK, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def answer_adviser(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """Answers the adviser's question. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_answer(by, advice)
    return _add_step(by, advice, Step.ANSWERED, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def reply_to_advice(
    *, by: User, advice: Advice, words: str, identifier_reason: str = "", at: datetime.datetime | None = None
) -> AdviceStep:
    """Gives the advice. A repeated submission is recorded once. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    reply = advice.reply
    if reply and reply.by_id == by.pk and reply.words == words:
        return reply
    policies.check_can_reply(by, advice)
    return _add_step(by, advice, Step.REPLIED, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def withdraw_advice(*, by: User, advice: Advice, words: str = "", identifier_reason: str = "") -> AdviceStep:
    """Withdraws a question, which its adviser may no longer read. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    policies.check_can_withdraw(by, advice)
    return _add_step(by, advice, Step.WITHDRAWN, words=words, identifier_reason=identifier_reason)


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
    """Says whether the advice was followed and, if not, why. Raises NotAllowed or AdviceConflict."""
    advice = _locked(advice)
    kind = Step.FOLLOWED if followed else Step.NOT_FOLLOWED
    settlement = advice.settlement
    if settlement and (settlement.by_id, settlement.kind, settlement.words) == (by.pk, kind, words):
        return settlement
    policies.check_can_settle(by, advice)
    return _add_step(by, advice, kind, words=words, identifier_reason=identifier_reason, at=at)


@transaction.atomic
def set_advice_target(*, by: User, urgent_hours: int, days: int) -> AdviceTarget:
    """Sets the target time for replies of one's organisation. Raises NotAllowed."""
    policies.check_can_work_queue(by)
    assert by.organisation is not None
    target = AdviceTarget.objects.create(
        organisation=by.organisation, urgent_hours=urgent_hours, days=days, by=by, at=timezone.now()
    )
    record_in_ledger(by=by, row=target)
    return target


def _add_step(
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
    """Locks the decision, so that no other step is added meanwhile, and reloads the question."""
    lock_decision(advice.decision_id)
    return Advice.objects.with_people().get(pk=advice.pk)
