"""A person's open tasks: listed on the inbox page, counted in one statement on every page.

Rows of `TASK_LISTS` may depend on the person's key, team, organisation and roles, and on the date: the count's SQL is
compiled once for each set of roles and date.
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
from sharingwell.accounts.models import Appointment, Organisation, Team, User
from sharingwell.tenancy.current import use_organisation


@dataclass(frozen=True)
class TaskList:
    """A list of tasks. `template` renders one row, as `row`."""

    heading: str
    rows: Callable[[User], QuerySet[Any]]
    template: str


def drafts_removed_soon(person: User) -> QuerySet[Any]:
    return Round.objects.expiring(timezone.localdate()).by(person).select_related("decision")


def decisions_to_come_back_to(person: User) -> QuerySet[Any]:
    """Urgent records to be completed, and decisions whose date to look again has come."""
    kept: Any = Decision.objects.assigned_to(person).with_state(timezone.localdate())
    found: QuerySet[Any] = kept.filter(is_open=True, is_draft=False).order_by("-is_to_be_completed", "pk")
    return found


def advice_to_give_or_to_settle(person: User) -> QuerySet[Any]:
    """Questions on which this person has the next step: to answer, or to settle after a reply."""
    return Advice.objects.waiting_for(person).with_holder().select_related("decision").order_by("pk")


def questions_nobody_has_taken(person: User) -> QuerySet[Any]:
    """Untaken questions in the IG team's queue, for IG managers."""
    return Advice.objects.available_to(person).select_related("decision").order_by("pk")


def asked_by_a_review(person: User) -> QuerySet[Any]:
    return open_reviews_for(person).order_by("pk")


def roles_to_confirm(person: User) -> QuerySet[Any]:
    """Roles that open other people's decisions, for which a second person is needed."""
    return Appointment.objects.waiting_for(person).select_related("person").order_by("pk")


TASK_LISTS = [
    TaskList("Advice", advice_to_give_or_to_settle, "decisions/inbox/advice.html"),
    TaskList("In the IG team’s queue", questions_nobody_has_taken, "decisions/inbox/advice.html"),
    TaskList("Asked by whoever reviewed your decision", asked_by_a_review, "decisions/inbox/review.html"),
    TaskList("Come back to these decisions", decisions_to_come_back_to, "decisions/inbox/decision.html"),
    TaskList("Roles to confirm", roles_to_confirm, "decisions/inbox/appointment.html"),
    TaskList("Drafts that will be removed soon", drafts_removed_soon, "decisions/inbox/draft.html"),
]


def count_inbox(person: User | AnonymousUser) -> int:
    """Count the tasks in one query. Sets the person's organisation, for public pages too."""
    if not person.is_authenticated or not person.is_active or person.team is None:
        return 0
    sql, params = compiled_count(frozenset(person.roles), timezone.localdate())
    keys = {ANY_PERSON: person.pk, ANY_TEAM: person.team_id, ANY_ORGANISATION: person.team.organisation_id}
    with use_organisation(person.organisation), connection.cursor() as cursor:
        cursor.execute(sql, [keys.get(each, each) if isinstance(each, int) else each for each in params])
        return int(cursor.fetchone()[0])


# Placeholders for a person's keys in compiled SQL: the largest bigint values, which no row has.
ANY_PERSON, ANY_TEAM, ANY_ORGANISATION = 2**63 - 1, 2**63 - 2, 2**63 - 3


@lru_cache(maxsize=32)
def compiled_count(roles: frozenset[str], today: datetime.date) -> tuple[str, tuple[Any, ...]]:
    """Compile the query for a set of roles. Cached, because compiling takes 20 ms."""
    first, *others = [each.rows(_anybody_with(roles)).order_by().values("pk") for each in TASK_LISTS]
    sql, params = first.union(*others, all=True).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return f"SELECT count(*) FROM ({sql}) AS waiting", params  # noqa: S608  # compiled by Django


def _anybody_with(roles: frozenset[str]) -> User:
    """A user with placeholder keys. Reading any other field fails, because no row has the key."""
    user = User.from_db(
        DEFAULT_DB_ALIAS, ["id", "team_id", "roles", "is_active"], [ANY_PERSON, ANY_TEAM, list(roles), True]
    )
    user.team = Team.from_db(DEFAULT_DB_ALIAS, ["id", "organisation_id"], [ANY_TEAM, ANY_ORGANISATION])
    user.team.organisation = Organisation.from_db(DEFAULT_DB_ALIAS, ["id"], [ANY_ORGANISATION])
    return user
