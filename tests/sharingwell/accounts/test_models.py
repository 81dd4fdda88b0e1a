import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from sharingwell.accounts.models import Role, User
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_email_is_kept_in_lower_case():
    assert PersonFactory(email=" Robin@NORTHMOOR.example").email == "robin@northmoor.example"


def test_two_people_cannot_have_the_same_email_in_other_letters():
    PersonFactory(email="robin@northmoor.example")
    with pytest.raises(IntegrityError):
        PersonFactory(email="Robin@northmoor.example")


def test_database_refuses_an_email_that_sign_in_would_not_find():
    person = PersonFactory()
    with pytest.raises(IntegrityError, match="user_email_in_lower_case"):
        User.objects.filter(pk=person.pk).update(email="Robin@northmoor.example")


def test_everyone_but_a_superuser_belongs_to_a_team():
    assert PersonFactory(team=None, is_superuser=True).organisation is None
    with pytest.raises(IntegrityError, match="user_belongs_to_a_team"):
        PersonFactory(team=None)


def test_unknown_role_is_refused():
    with pytest.raises(IntegrityError, match="user_roles_are_known"):
        PersonFactory(roles=["caretaker"])


def test_two_teams_of_an_organisation_have_two_names():
    team = TeamFactory(name="Housing")
    TeamFactory(name="Housing")
    with pytest.raises(IntegrityError, match="team_name_unique_in_organisation"):
        TeamFactory(name="Housing", organisation=team.organisation)


@pytest.mark.parametrize(
    ("roles", "let_in"),
    [
        ([], False),
        ([Role.PRACTITIONER], False),
        ([Role.MANAGER], False),
        ([Role.IG_MANAGER], True),
        ([Role.GUIDE_EDITOR], True),
        ([Role.ADMINISTRATOR], True),
        ([Role.PRACTITIONER, Role.GUIDE_EDITOR], True),
    ],
)
def test_admin_site_admits_roles_with_a_task_there(roles, let_in):
    assert PersonFactory(roles=roles).is_staff is let_in


def test_users_are_fetched_with_team_and_organisation(django_assert_num_queries):
    person = PersonFactory()
    with django_assert_num_queries(1):
        assert User.objects.get(pk=person.pk).organisation == person.team.organisation


def test_first_superuser_is_made_by_djangos_command(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "seven grey herons wade")
    call_command(
        "createsuperuser", interactive=False, email="Root@Northmoor.example", name="Root", verbosity=0
    )
    assert User.objects.get_by_natural_key("ROOT@northmoor.example").is_superuser


def test_migrations_alone_make_the_table_in_which_rate_limits_are_counted():
    from importlib import import_module

    migration = import_module("sharingwell.accounts.migrations.0002_cache_table")
    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE cache")
        migration.create_cache_table(None, editor)
        migration.create_cache_table(None, editor)  # where it is there already
    assert "cache" in connection.introspection.table_names()
