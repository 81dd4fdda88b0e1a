"""Factories for decisions: rows as the actions leave them, and questions without a database."""

from __future__ import annotations

import datetime
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from decisions import actions
from decisions.domain.references import new_reference
from decisions.models import Decision, DisposalProposal, ExampleOrigin, Review, Round
from guidance.choices import Direction
from guidance.models import GuideVersion
from guidance.models import Question as QuestionRow
from guidance.reading import Option, Question
from tests.sharingwell.accounts.factories import PersonFactory

ENOUGH_TO_RECORD = {
    "decide.outcome": "share-part",
    "decide.reasoning": "They need the date and nothing else.",
}


class DecisionFactory(DjangoModelFactory):
    """A decision without a round; `organisation` and `team` are the author's."""

    class Meta:
        model = Decision

    reference = factory.LazyFunction(new_reference)
    author = factory.SubFactory(PersonFactory)
    team = factory.LazyAttribute(lambda decision: decision.author.team)
    organisation = factory.LazyAttribute(lambda decision: decision.author.team.organisation)
    direction = Direction.ASKED
    summary = factory.Sequence(lambda number: f"Ward asks about a placement, matter {number}")
    started_at = factory.LazyFunction(timezone.now)


class DraftFactory(DjangoModelFactory):
    """The draft of a round, under the current guide version."""

    class Meta:
        model = Round

    decision = factory.SubFactory(DecisionFactory)
    author = factory.LazyAttribute(lambda round: round.decision.author)
    number = 1
    version = factory.LazyFunction(lambda: GuideVersion.objects.current())
    started_at = factory.LazyFunction(timezone.now)
    answers = factory.Dict({})


def recorded_round(*, answers: dict[str, Any] | None = None, **decision: Any) -> Round:
    """A round recorded by the action that records rounds."""
    draft = DraftFactory(
        decision=DecisionFactory(**decision), answers={**ENOUGH_TO_RECORD, **(answers or {})}
    )
    return actions.record_round(by=draft.author, round=draft)


def state_afterwards(round: Round) -> None:
    """One of each that can be said of a recorded round: a follow-up, another day to look again, the end of it."""
    about = {"by": round.author, "decision": round.decision}
    actions.add_follow_up(**about, kind="received", note="They rang back.")
    day = timezone.localdate() + datetime.timedelta(days=3)
    actions.move_look_again(**about, look_again_on=day, reason="They are away.")
    actions.close_decision(**about, reason="They have moved.")


def state_retention(round: Round) -> None:
    """One of each that IG managers state of what is kept and what goes; the disposal is declined."""
    ig_manager = PersonFactory(roles=["ig_manager"], team=round.decision.team)
    about = {"by": ig_manager, "decision": round.decision}
    hold = actions.hold_decision(**about, reason="A court has asked.")
    actions.lift_hold(by=ig_manager, hold=hold, reason="It is over.")
    actions.mark_for_disclosure(**about, passage="summary", withheld=True, reason="It says too much.")
    actions.prepare_subject_access(by=ig_manager, decisions=[round.decision])
    actions.set_retention_rule(by=ig_manager, years=8, outcome="share")
    proposal = DisposalProposal.objects.create(  # as it would be in some years
        organisation=round.decision.organisation,
        decision_key=round.decision.pk,
        reference=round.decision.reference,
        started_at=round.started_at,
        last_activity_at=round.started_at,
        years=6,
        by=ig_manager,
        at=timezone.now(),
    )
    with transaction.atomic():
        actions.record_in_ledger(by=ig_manager, row=proposal)
    actions.decline_disposal(**about, reason="A complaint is open.")


def state_review(round: Round, finding: str = "reasons", **facts: Any) -> Review:
    """Found by an IG manager who had no part in it."""
    reviewer = PersonFactory(roles=["ig_manager"], team=round.decision.team)
    return actions.review_round(
        **{"by": reviewer, "round": round, "finding": finding, "comment": "Say more of the risk.", **facts}
    )


def state_learning(round: Round) -> ExampleOrigin:
    """Marked as learning by an IG manager, who writes an example from it."""
    review = state_review(round, finding="learning", comment="Others could learn from this.")
    return actions.draft_example(
        by=review.by,
        round=round,
        title="A caller is rung back",
        text="**For example**, somebody rings back by a number they know before they say anything.",
        section="who-is-asking",
    )


def state_log(round: Round) -> None:
    """How much is reviewed is said, and the log is taken out."""
    ig_manager = PersonFactory(roles=["ig_manager"], team=round.decision.team)
    actions.set_sample_rule(by=ig_manager, share=20, urgent=True, refusals=False)
    export = actions.log_export(by=ig_manager, kind="csv", query="", decisions=[round.decision_id])
    actions.end_export(by=ig_manager, export=export, sent=1, is_whole=True)


def state_who_else(round: Round) -> None:
    """Shared with a colleague and no more; handed over to another."""
    decision, responsible_person = round.decision, round.decision.responsible_person
    reader, taker = (PersonFactory(roles=["practitioner"], team=responsible_person.team) for _ in range(2))
    share = actions.share_decision(by=responsible_person, decision=decision, person=reader)
    actions.end_share(by=responsible_person, share=share)
    manager = PersonFactory(roles=["manager"], team=decision.team)
    actions.hand_over_decision(by=manager, decision=decision, to=taker, reason="They have left.")


def state_advice(round: Round) -> None:
    """Advice asked of the IG team about the latest round, taken, given and not followed; asked of a colleague, who
    hands it on; and a target time.
    """
    responsible_person = round.decision.responsible_person
    ig_manager = PersonFactory(roles=["ig_manager"], team=responsible_person.team)
    advice = actions.ask_advice(
        by=responsible_person, round=round, question="Is the date enough?", part="what"
    )
    actions.take_advice(by=ig_manager, advice=advice)
    actions.reply_to_advice(by=ig_manager, advice=advice, words="It is.")
    actions.settle_advice(by=responsible_person, advice=advice, followed=False, words="They asked for less.")
    colleague = PersonFactory(team=responsible_person.team)
    another = actions.ask_advice(by=responsible_person, round=round, question="Who else?", adviser=colleague)
    actions.hand_on_advice(by=colleague, advice=another, to=ig_manager)
    actions.set_advice_target(by=ig_manager, urgent_hours=3, days=4)


def state_all_that_can_follow(round: Round) -> None:
    """Of a recorded round, one of each at least; the last is that somebody looked."""
    for state in [
        state_afterwards,
        state_retention,
        state_advice,
        state_review,
        state_log,
        state_learning,
        state_who_else,
    ]:
        state(round)
    actions.log_access(by=round.author, decision=round.decision, page="decisions:decision", channel="page")


def make_option(key: str, **attributes: Any) -> Option:
    return Option(**{"key": key, "text": f"Option {key}", **attributes})


def make_question(key: str, kind: str = QuestionRow.Kind.TEXT, **attributes: Any) -> Question:
    if kind == QuestionRow.Kind.TEXT:
        attributes.setdefault("max_length", 100)
    return Question(**{"key": key, "kind": kind, "text": f"Question {key}", **attributes})
