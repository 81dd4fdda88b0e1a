"""Statements that a connection prepares once, and what is asked of them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from sharingwell.accounts.models import User
from sharingwell.database import base
from sharingwell.prepared import Parameter, Prepared, PreparedForAnybody
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.django_db


def by_key(name: str = "test_by_key") -> Prepared[User]:
    return Prepared(name, lambda: User.objects.filter(pk=Parameter("key")))


def colleagues() -> PreparedForAnybody[User]:
    return PreparedForAnybody(
        "test_colleagues",
        lambda whoever: User.objects.filter(
            team__organisation=whoever.organisation,
            roles__contains=["manager"] if whoever.has_role("manager") else [],
        ).order_by("pk"),
    )


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'test%'")
        return [name for (name,) in cursor]


@pytest.fixture(autouse=True)
def _nothing_prepared() -> None:
    """As in a connection that is new."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    base._prepared.clear()


def test_finds_what_the_queryset_finds_with_all_it_fetches(django_assert_num_queries) -> None:
    people, looked_up = PersonFactory.create_batch(3), by_key()
    for person in people:
        with django_assert_num_queries(1):
            found = looked_up.first(key=person.pk)
            assert (found, found.team.organisation) == (person, person.organisation)
        assert looked_up.count(key=person.pk) == 1


def test_is_prepared_once_however_often_it_is_asked() -> None:
    looked_up = by_key()
    for key in range(7):
        assert looked_up.all(key=key) == []
    assert len(prepared()) == 1


def test_finds_nothing_by_a_key_that_none_can_have() -> None:
    assert by_key().first(key=2**63) is None
    assert by_key().first(key=PersonFactory().pk) is not None


def test_is_told_from_another_by_what_it_asks() -> None:
    person = PersonFactory()
    by_name = Prepared[User]("test_by_key", lambda: User.objects.filter(pk=Parameter("key"), name="Nobody"))
    assert (by_key().count(key=person.pk), by_name.count(key=person.pk)) == (1, 0)


def test_makes_room_when_much_was_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MOST_PREPARED", 3)
    person, every = PersonFactory(), [by_key(f"test_{number}") for number in range(5)]
    for each in [*every, *every]:
        assert each.first(key=person.pk) == person
    assert 0 < len(prepared()) <= 3


class TestForAnybody:
    def test_finds_what_is_there_for_a_person_by_their_roles(self) -> None:
        person = PersonFactory(roles=["practitioner"])
        manager = PersonFactory(roles=["manager"], team=person.team)
        elsewhere = PersonFactory(roles=["manager"])
        found = colleagues()
        assert found.all(person) == [person, manager]
        assert found.all(manager) == [manager]
        assert found.first(elsewhere) == elsewhere

    @pytest.mark.parametrize("nobody", [{"is_active": False}, {"team": None, "is_superuser": True}, None])
    def test_finds_nothing_for_who_is_nobody_here(self, nobody: dict[str, object] | None) -> None:
        person = AnonymousUser() if nobody is None else PersonFactory(**nobody)
        assert (colleagues().all(person), colleagues().count(person)) == ([], 0)
