"""The inbox and its count on every page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import TimeMachineFixture

from decisions import actions
from decisions.models import Round
from decisions.tasks.inbox import TASK_LISTS, TaskList, compiled_count, count_inbox
from guidance.models import GuideVersion
from sharingwell.accounts.models import ADMIN_SITE_ROLES, Appointment, User
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import DecisionFactory, DraftFactory, recorded_round, state_review
from tests.serving import serving
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import page, text_of

INBOX = "/decisions/waiting/"
COUNTING = "AS waiting"


def due(author: User, days: int = 0, **decision: Any) -> Round:
    day = timezone.localdate() - datetime.timedelta(days=days)
    return recorded_round(author=author, answers={"decide.review_on": day.isoformat()}, **decision)


def urgent(author: User, what: str = "Where they are") -> Round:
    return actions.record_urgent_round(
        by=author,
        direction="asked",
        what=what,
        with_whom="The police",
        why="They may be hurt.",
        when=timezone.localdate(),
    )


def old_draft(author: User) -> Round:
    began = timezone.now() - datetime.timedelta(days=31)
    return DraftFactory(decision=DecisionFactory(author=author, started_at=began), started_at=began)


def numbers_listed(person: User) -> list[int]:
    with serving(), use_organisation(person.organisation):
        return [each.rows(person).count() for each in TASK_LISTS]


def count_on(client: Client, address: str) -> str:
    (link,) = page(client.get(address)).select(f"header a[href='{INBOX}']")
    return " ".join(link.get_text(" ").split())


@pytest.mark.usefixtures("guide")
class TestInbox:
    def test_has_a_count_on_every_page_and_a_list_on_its_own(
        self, signed_in: Client, practitioner: User
    ) -> None:
        late, draft = due(practitioner, 1), old_draft(practitioner)
        hurried = urgent(practitioner)
        due(practitioner, -1), due(PersonFactory(team=practitioner.team)), due(PersonFactory())
        for address in ["/", "/guide/", "/decisions/", "/accounts/emails/", INBOX]:
            assert count_on(signed_in, address) == "Waiting for me: 3"
        response = signed_in.get(INBOX)
        links = {link["href"] for link in page(response).select("main a")}
        assert links == {
            late.decision.get_absolute_url(), draft.get_absolute_url(), hurried.decision.get_absolute_url()
        }  # fmt: skip
        assert "Overdue" in text_of(response)

    def test_counts_what_it_lists(self, practitioner: User) -> None:
        ig_manager = PersonFactory(roles=["ig_manager"], team=practitioner.team)
        round = due(practitioner)
        state_review(round)
        for adviser in [None, ig_manager]:
            actions.ask_advice(by=practitioner, round=round, question="Is it enough?", adviser=adviser)
        urgent(practitioner), old_draft(practitioner)
        colleague = PersonFactory(team=practitioner.team)
        Appointment.objects.create(person=colleague, role="manager", proposed_by=practitioner)
        listed = {
            person: numbers_listed(person)
            for person in [practitioner, ig_manager, PersonFactory(roles=["manager"], team=practitioner.team)]
        }
        assert list(listed.values()) == [[0, 0, 1, 2, 0, 1], [1, 1, 0, 0, 1, 0], [0] * 6]
        for person, numbers in listed.items():
            assert count_inbox(person) == sum(numbers)

    def test_is_counted_from_the_day_on_though_it_was_counted_the_day_before(
        self, practitioner: User, time_machine: TimeMachineFixture
    ) -> None:
        draft = old_draft(practitioner)
        announced = draft.started_at + datetime.timedelta(days=settings.DRAFTS_ANNOUNCED_AFTER_DAYS)
        for days, count in [(-1, 0), (0, 1)]:
            time_machine.move_to(announced + datetime.timedelta(days=days))
            assert count_inbox(practitioner) == sum(numbers_listed(practitioner)) == count

    def test_cannot_depend_on_more_than_is_known_when_it_is_compiled(
        self, practitioner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by_email = TaskList("By email", lambda person: User.objects.filter(email=person.email), "")
        monkeypatch.setattr("decisions.tasks.inbox.TASK_LISTS", [by_email])
        with pytest.raises(User.DoesNotExist):
            compiled_count.__wrapped__(frozenset(practitioner.roles), timezone.localdate())

    def test_is_counted_in_the_admin_too(self, client: Client, practitioner: User) -> None:
        everything = PersonFactory(team=practitioner.team, roles=[role.value for role in ADMIN_SITE_ROLES])
        due(everything)
        client.force_login(everything)
        for address in [
            "/admin/",
            "/admin/decisions/decision/",
            "/admin/guidance/guideversion/",
            "/admin/accounts/user/",
        ]:
            with CaptureQueriesContext(connection) as asked:
                assert count_on(client, address) == "Waiting for me: 1"
            assert sum(COUNTING in query["sql"] for query in asked) == 1

    def test_is_empty_for_a_new_person(self, signed_in: Client) -> None:
        assert count_on(signed_in, INBOX) == "Waiting for me: 0"
        assert "Nothing waits for you." in text_of(signed_in.get(INBOX))

    def test_moves_with_a_hand_over(self, signed_in: Client, practitioner: User) -> None:
        taker = PersonFactory(team=practitioner.team)
        manager = PersonFactory(roles=["manager"], team=practitioner.team)
        decision = due(practitioner).decision
        actions.hand_over_decision(by=manager, decision=decision, to=taker, reason="They have left.")
        assert count_on(signed_in, "/decisions/") == "Waiting for me: 0"
        signed_in.force_login(taker)
        assert count_on(signed_in, "/decisions/") == "Waiting for me: 1"

    def test_is_empty_without_an_organisation(self, client: Client) -> None:
        client.force_login(PersonFactory(team=None, is_superuser=True))
        assert count_on(client, "/") == "Waiting for me: 0"


class TestInboxCount:
    def test_is_one_query(self, signed_in: Client, practitioner: User, guide: GuideVersion) -> None:
        signed_in.get("/accounts/emails/")
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                signed_in.get("/accounts/emails/")
            assert sum(COUNTING in query["sql"] for query in asked) == 1
            due(practitioner), urgent(practitioner), old_draft(practitioner)

    def test_its_page_takes_few_queries(
        self, signed_in: Client, practitioner: User, guide: GuideVersion, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(3):
            due(practitioner), urgent(practitioner, f"Room {number}"), old_draft(practitioner)
        with django_assert_max_num_queries(12):
            signed_in.get(INBOX)

    def test_is_not_computed_for_anonymous_users_or_unused_context(
        self, signed_in: Client, client: Client, practitioner: User, guide: GuideVersion
    ) -> None:
        due(practitioner)
        with CaptureQueriesContext(connection) as asked:
            signed_in.get("/health/")
            signed_in.logout()
            assert not page(client.get("/guide/")).select(f"a[href='{INBOX}']")
        assert not [query for query in asked if COUNTING in query["sql"]]
