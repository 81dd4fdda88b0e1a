"""Look up one decision, one round, its advice, and a person's own decisions, for the pages that show them.

Everything returned has passed `.visible_to(person)`.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from decisions.models import Advice, Decision, DisposalProposal, Round
from sharingwell.accounts.models import User

Person = User | AnonymousUser

PAGE_SIZE = 25  # of lists


def decision_for(person: Person, reference: str) -> Decision | None:
    """Return it with its state today, and with what was stated of it afterwards."""
    found = Decision.objects.visible_to(person).filter(reference=reference)
    found = found.with_state(timezone.localdate()).with_history().with_has_advice()
    return found.select_related("organisation", "team", "author").first()


def round_for(person: Person, reference: str, number: int) -> Round | None:
    """Return it with its decision."""
    found = Round.objects.with_has_advice().visible_to(person)
    found = found.filter(decision__reference=reference, number=number)
    related = ["decision__organisation", "decision__team", "decision__author", "version", "author"]
    return found.select_related(*related).first()


def advice_for(person: Person, key: int) -> Advice | None:
    """Return a question, with the guide that its round is written by."""
    found = Advice.objects.visible_to(person).with_people().filter(pk=key)
    return found.select_related("round__version").first()


def advice_on_round(person: User, round: Round) -> list[Advice]:
    """Return the first question first, without the round as it stood when it was asked. The person reads the round."""
    if round.has_advice is False:
        return []
    found = Advice.objects.visible_on(round.decision, person).with_people()
    return list(found.filter(round=round).defer("as_it_stood").order_by("pk"))


def advice_on_decision(person: User, decision: Decision) -> list[Advice]:
    """Return the first question first. The person reads the decision."""
    if not decision.has_advice:
        return []
    return list(Advice.objects.visible_on(decision, person).with_people().order_by("pk"))


def decisions_shared_with(person: User) -> list[Decision]:
    """Return the newest."""
    return list(Decision.objects.visible_to(person).shared_with(person)[:PAGE_SIZE])


def stub_for(person: Person, reference: str) -> DisposalProposal | None:
    """Return what is left of a disposed decision, for those who could read it before."""
    return DisposalProposal.objects.known_to(person).disposed().filter(reference=reference).first()
