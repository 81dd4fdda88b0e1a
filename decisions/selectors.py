"""One decision, one round, what was asked of advisers, and my decisions, looked up for whoever asks for their pages.

Nothing is found that is not theirs to read: all of it has passed `.visible_to(person)`. Every page of a decision asks
for some of it, so it is prepared for everybody with the same roles, as what waits is (`decisions.tasks.inbox`).
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from decisions.models import Advice, AdviceQuerySet, Decision, DecisionQuerySet, DisposalProposal, Round
from sharingwell.accounts.models import User
from sharingwell.prepared import Parameter, PreparedForAnybody

Person = User | AnonymousUser

PAGE_SIZE = 25  # of lists
REFERENCE = Parameter("reference", models.TextField())


def decision_for(person: Person, reference: str) -> Decision | None:
    """With its state today."""
    return _decision_on(timezone.localdate()).first(person, reference=reference)


def round_for(person: Person, reference: str, number: int) -> Round | None:
    """With its decision."""
    return _round.first(person, reference=reference, number=number)


def advice_for(person: Person, key: int) -> Advice | None:
    """A question, with the guide that its round is written by."""
    return _advice.first(person, advice=key)


def advice_on_round(person: Person, round: Round) -> list[Advice]:
    """The first question first, without the round as it stood when it was asked."""
    return [] if round.has_advice is False else _advice_on_round.all(person, round=round.pk)


def advice_on_decision(person: Person, decision: Decision) -> list[Advice]:
    """The first question first."""
    return _advice_on_decision.all(person, decision=decision.pk) if decision.has_advice else []


def decisions_assigned_to(person: Person) -> list[Decision]:
    """What they look after, with its rounds: a page, and one more. What is open comes before what is not."""
    return _kept_on(timezone.localdate()).all(person)


def decisions_shared_with(person: Person) -> list[Decision]:
    """The newest."""
    return _shared.all(person)


def expiring_drafts_of(person: Person) -> int:
    return _expiring.count(person)


def stub_for(person: Person, reference: str) -> DisposalProposal | None:
    """What is left of a decision that is not there, for those who could read it while it was."""
    return _stub.first(person, reference=reference)


@lru_cache(maxsize=4)
def _decision_on(today: datetime.date) -> PreparedForAnybody[Decision]:
    def with_all(whoever: Any) -> DecisionQuerySet:
        found = Decision.objects.visible_to(whoever).filter(reference=REFERENCE)
        found = found.with_state(today).with_has_hand_over().with_has_advice()
        return found.select_related("organisation", "team", "author")

    return PreparedForAnybody("decisions_decision", with_all)


@lru_cache(maxsize=4)
def _kept_on(today: datetime.date) -> PreparedForAnybody[Decision]:
    return PreparedForAnybody(
        "decisions_kept",
        lambda whoever: (
            Decision.objects.assigned_to(whoever)
            .with_state(today)
            .open_first()
            .with_rounds()[: PAGE_SIZE + 1]
        ),
    )


def _readable_advice(whoever: Any) -> AdviceQuerySet:
    return Advice.objects.visible_to(whoever).with_people().order_by("pk")


_round = PreparedForAnybody[Round](
    "decisions_round",
    lambda whoever: (
        Round.objects.with_has_advice()
        .visible_to(whoever)
        .filter(decision__reference=REFERENCE, number=Parameter("number"))
        .select_related("decision__organisation", "decision__team", "decision__author", "version", "author")
    ),
)
_advice = PreparedForAnybody[Advice](
    "decisions_advice",
    lambda whoever: _readable_advice(whoever).filter(pk=Parameter("advice")).select_related("round__version"),
)
_advice_on_round = PreparedForAnybody[Advice](
    "decisions_advice_on_round",
    lambda whoever: _readable_advice(whoever).filter(round=Parameter("round")).defer("as_it_stood"),
)
_advice_on_decision = PreparedForAnybody[Advice](
    "decisions_advice_on_decision",
    lambda whoever: _readable_advice(whoever).filter(decision=Parameter("decision")),
)
_shared = PreparedForAnybody[Decision](
    "decisions_shared", lambda whoever: Decision.objects.visible_to(whoever).shared_with(whoever)[:PAGE_SIZE]
)
_expiring = PreparedForAnybody[Round](
    "decisions_forgotten", lambda whoever: Round.objects.expiring().by(whoever)
)
_stub = PreparedForAnybody[DisposalProposal](
    "decisions_stub",
    lambda whoever: DisposalProposal.objects.known_to(whoever).disposed().filter(reference=REFERENCE),
)
