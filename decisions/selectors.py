"""Queries for one decision, one round, advice, and a person's own decisions.

Everything returned has passed `.visible_to(person)`.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from decisions.models import Advice, Decision, DisposalProposal, Round
from sharingwell.accounts.models import User

Person = User | AnonymousUser

PAGE_SIZE = 25  # of lists


def decision_for(person: Person, reference: str) -> Decision | None:
    """Return a decision with its people."""
    found = Decision.objects.visible_to(person).with_has_hand_over().with_has_advice()
    return found.select_related("organisation", "team", "author").filter(reference=reference).first()


def round_for(person: Person, reference: str, number: int) -> Round | None:
    """Return a round with its decision."""
    found = Round.objects.with_has_advice().visible_to(person)
    found = found.filter(decision__reference=reference, number=number)
    related = ["decision__organisation", "decision__team", "decision__author", "version", "author"]
    return found.select_related(*related).first()


def advice_for(person: Person, key: int) -> Advice | None:
    """Return an advice question with the guide version of its round."""
    found = Advice.objects.visible_to(person).with_people().filter(pk=key)
    return found.select_related("round__version").first()


def advice_on_round(person: User, round: Round) -> list[Advice]:
    """Return advice questions, oldest first, without `as_it_stood`. The person must be able to read the round."""
    if round.has_advice is False:
        return []
    found = Advice.objects.visible_on(round.decision, person).with_people()
    return list(found.filter(round=round).defer("as_it_stood").order_by("pk"))


def advice_on_decision(person: User, decision: Decision) -> list[Advice]:
    """Return advice questions, oldest first. The person must be able to read the decision."""
    if not decision.has_advice:
        return []
    return list(Advice.objects.visible_on(decision, person).with_people().order_by("pk"))


def decisions_shared_with(person: User) -> list[Decision]:
    """Return the newest decisions shared with a person."""
    return list(Decision.objects.visible_to(person).shared_with(person)[:PAGE_SIZE])


def stub_for(person: Person, reference: str) -> DisposalProposal | None:
    """Return the stub of a decision disposed of, for people who could read the decision."""
    return DisposalProposal.objects.known_to(person).disposed().filter(reference=reference).first()
