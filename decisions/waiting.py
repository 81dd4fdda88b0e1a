"""What waits for a person, counted in one statement for the top of every page, and listed on a page of its own.

A further thing to wait for is one more line in `WAITING`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils import timezone

from decisions.models import Advice, Decision, Review, Round
from sharingwell.accounts.models import User
from sharingwell.acting import acting_for


@dataclass(frozen=True)
class Waiting:
    """One list of what waits. `template` shows one of its rows, as `row`."""

    heading: str
    rows: Callable[[User], QuerySet[Any]]
    template: str


def drafts_removed_soon(person: User) -> QuerySet[Any]:
    return Round.objects.visible_to(person).forgotten().by(person).select_related("decision")


def urgent_rounds_to_complete(person: User) -> QuerySet[Any]:
    found: QuerySet[Any] = _looked_after(person).filter(is_to_be_completed=True)
    return found


def looks_again_due(person: User) -> QuerySet[Any]:
    """But for those to complete, which wait already."""
    found: QuerySet[Any] = _looked_after(person).filter(is_to_be_completed=False, is_due=True)
    return found


def advice_to_give_or_to_settle(person: User) -> QuerySet[Any]:
    """Questions to them, and replies to their own."""
    return Advice.objects.waiting_for(person).select_related("decision").order_by("pk")


def questions_nobody_has_taken(person: User) -> QuerySet[Any]:
    """In the IG team's queue, for those who work it."""
    return Advice.objects.to_be_taken_by(person).select_related("decision").order_by("pk")


def asked_by_a_review(person: User) -> QuerySet[Any]:
    return Review.objects.asking(person).order_by("pk")


def _looked_after(person: User) -> Any:
    """By whoever keeps them, with their state today."""
    mine = Decision.objects.visible_to(person).kept_by(person)
    return mine.with_state(timezone.localdate()).order_by("pk")


WAITING = [
    Waiting("Advice", advice_to_give_or_to_settle, "decisions/waiting/advice.html"),
    Waiting("In the IG team’s queue", questions_nobody_has_taken, "decisions/waiting/advice.html"),
    Waiting("Asked by whoever reviewed your decision", asked_by_a_review, "decisions/waiting/review.html"),
    Waiting(
        "Recorded in a hurry: complete them", urgent_rounds_to_complete, "decisions/waiting/decision.html"
    ),
    Waiting("Look at these again", looks_again_due, "decisions/waiting/decision.html"),
    Waiting("Drafts that will be removed soon", drafts_removed_soon, "decisions/waiting/draft.html"),
]


class _Count(Subquery):
    """How many rows there are."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS waiting)"
    output_field = IntegerField()
    empty_result_set_value = 0


def count_waiting(person: User) -> int:
    """How much there is of all of it, in one query. It works for the person's organisation, on public pages too."""
    if person.organisation is None:
        return 0
    counts = [_Count(each.rows(person).values("pk")) for each in WAITING]
    with acting_for(person.organisation):
        return sum(User.objects.filter(pk=person.pk).values_list(*counts).get())
