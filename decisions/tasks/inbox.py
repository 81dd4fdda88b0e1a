"""What waits for a person, counted in one statement for the top of every page, and listed on a page of its own.

A further thing to wait for is one more line in `WAITING`. Its rows may depend on the day; what depends on the hour is
for PostgreSQL's clock (`Now()`), because the SQL that counts is kept for the day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from decisions.models import Advice, Decision, Round
from decisions.models.open_reviews import open_reviews_for
from sharingwell.accounts.models import User
from sharingwell.prepared import PreparedForAnybody
from sharingwell.tenancy.current import use_organisation


@dataclass(frozen=True)
class TaskList:
    """One list of what waits. `template` shows one of its rows, as `row`."""

    heading: str
    rows: Callable[[User], QuerySet[Any]]
    template: str


def drafts_removed_soon(person: User) -> QuerySet[Any]:
    return Round.objects.expiring().by(person).select_related("decision")


def decisions_to_come_back_to(person: User) -> QuerySet[Any]:
    """Those recorded in a hurry, to be completed, and those whose day to look at them again has come."""
    kept: Any = Decision.objects.assigned_to(person).with_state(timezone.localdate())
    found: QuerySet[Any] = kept.filter(is_open=True, is_draft=False).order_by("-is_to_be_completed", "pk")
    return found


def advice_to_give_or_to_settle(person: User) -> QuerySet[Any]:
    """Questions to them, and replies to their own."""
    return Advice.objects.waiting_for(person).with_holder().select_related("decision").order_by("pk")


def questions_nobody_has_taken(person: User) -> QuerySet[Any]:
    """In the IG team's queue, for those who work it."""
    return Advice.objects.available_to(person).select_related("decision").order_by("pk")


def asked_by_a_review(person: User) -> QuerySet[Any]:
    return open_reviews_for(person).order_by("pk")


TASK_LISTS = [
    TaskList("Advice", advice_to_give_or_to_settle, "decisions/inbox/advice.html"),
    TaskList("In the IG team’s queue", questions_nobody_has_taken, "decisions/inbox/advice.html"),
    TaskList("Asked by whoever reviewed your decision", asked_by_a_review, "decisions/inbox/review.html"),
    TaskList("Come back to these decisions", decisions_to_come_back_to, "decisions/inbox/decision.html"),
    TaskList("Drafts that will be removed soon", drafts_removed_soon, "decisions/inbox/draft.html"),
]


def count_inbox(person: User | AnonymousUser) -> int:
    """How much there is of all of it, in one query. It works for the person's organisation, on public pages too."""
    organisation = person.organisation if person.is_authenticated else None
    if organisation is None:
        return 0
    with use_organisation(organisation):
        return _all_that_waits(timezone.localdate()).count(person)


@lru_cache(maxsize=4)
def _all_that_waits(today: datetime.date) -> PreparedForAnybody[Any]:
    def write(whoever: Any) -> QuerySet[Any]:
        first, *others = [each.rows(whoever).order_by().values("pk") for each in TASK_LISTS]
        return first.union(*others, all=True)

    return PreparedForAnybody("decisions_what_waits", write)
