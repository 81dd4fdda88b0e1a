"""What waits for a person, counted in one statement for the top of every page, and listed on a page of its own.

A further list is one more line in `TASK_LISTS`. Its rows may depend on the person's key, team, organisation and roles,
and on the day: the SQL that counts is compiled once for each set of roles and each day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.utils import timezone

from decisions.models import Advice, Decision, Round
from decisions.models.open_reviews import open_reviews_for
from sharingwell.accounts.models import Organisation, Team, User
from sharingwell.tenancy.current import use_organisation


@dataclass(frozen=True)
class TaskList:
    """One list of what waits. `template` shows one of its rows, as `row`."""

    heading: str
    rows: Callable[[User], QuerySet[Any]]
    template: str


def drafts_removed_soon(person: User) -> QuerySet[Any]:
    return Round.objects.expiring(timezone.localdate()).by(person).select_related("decision")


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
    """Count the rows of all lists, in one query. Works for the person's organisation, on public pages too."""
    if not person.is_authenticated or not person.is_active or person.team is None:
        return 0
    sql, params = compiled_count(frozenset(person.roles), timezone.localdate())
    keys = {ANY_PERSON: person.pk, ANY_TEAM: person.team_id, ANY_ORGANISATION: person.team.organisation_id}
    with use_organisation(person.organisation), connection.cursor() as cursor:
        cursor.execute(sql, [keys.get(each, each) if isinstance(each, int) else each for each in params])
        return int(cursor.fetchone()[0])


# Stand for a person's keys in SQL that is compiled for everybody: the largest there can be, which no row has.
ANY_PERSON, ANY_TEAM, ANY_ORGANISATION = 2**63 - 1, 2**63 - 2, 2**63 - 3


@lru_cache(maxsize=32)
def compiled_count(roles: frozenset[str], today: datetime.date) -> tuple[str, tuple[Any, ...]]:
    """Compile the query for anybody with these roles. Django takes 20 ms for it, which every page would wait for."""
    first, *others = [each.rows(_anybody_with(roles)).order_by().values("pk") for each in TASK_LISTS]
    sql, params = first.union(*others, all=True).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return f"SELECT count(*) FROM ({sql}) AS waiting", params  # noqa: S608  # compiled by Django


def _anybody_with(roles: frozenset[str]) -> User:
    """Make a user of whom nothing else is loaded: a list that reads another field fails, for no row has the key."""
    user = User.from_db(
        DEFAULT_DB_ALIAS, ["id", "team_id", "roles", "is_active"], [ANY_PERSON, ANY_TEAM, list(roles), True]
    )
    user.team = Team.from_db(DEFAULT_DB_ALIAS, ["id", "organisation_id"], [ANY_TEAM, ANY_ORGANISATION])
    user.team.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, ["id"], [ANY_ORGANISATION])
    return user
