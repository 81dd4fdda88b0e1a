"""Roles that open other people's decisions: whoever gives one is not the only one who knows."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from sharingwell.accounts.actions import answer_appointment, change_person, invite_person
from sharingwell.accounts.models import Appointment, Role, User
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory
from tests.sharingwell.notifications.queue import send_all
from tests.sharingwell.reading import errors_of, heading_of, page, text_of

IG, MANAGER = Role.IG_MANAGER, Role.MANAGER
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return PersonFactory(roles=[Role.ADMINISTRATOR])


@pytest.fixture
def team(administrator):
    return administrator.team


@pytest.fixture
def ig_manager(team):
    return PersonFactory(team=team, roles=[IG])


@pytest.fixture
def superuser():
    return PersonFactory(team=None, roles=[], is_superuser=True)


def invite(by, team, role=IG):
    """Somebody whom the administrator has invented."""
    return invite_person(by=by, email="ade+2@northmoor.example", name="Invented", team=team, roles=[role])


def has_role(person, role):
    return User.objects.get(pk=person.pk).has_role(role)


def changed(person, **changes):
    person = User.objects.get(pk=person.pk)
    for name, value in changes.items():
        setattr(person, name, value)
    return person


def confirm(by, appointment=None):
    answer_appointment(by=by, appointment=appointment or Appointment.objects.get(), confirmed=True)


class TestProposing:
    @pytest.mark.parametrize("role", [IG, MANAGER])
    def test_an_invited_person_has_the_role_once_an_ig_manager_confirms_it(
        self, administrator, team, ig_manager, role
    ):
        invented = invite(administrator, team, role)
        assert not has_role(invented, role)
        confirm(ig_manager)
        assert has_role(invented, role)

    @pytest.mark.parametrize("role", [IG, MANAGER])
    def test_a_colleague_keeps_their_other_roles_meanwhile(self, administrator, team, ig_manager, role):
        colleague = PersonFactory(team=team)
        change_person(by=administrator, person=changed(colleague, roles=["practitioner", role]))
        assert User.objects.get(pk=colleague.pk).roles == ["practitioner"]
        confirm(ig_manager)
        assert User.objects.get(pk=colleague.pk).roles == ["practitioner", role]

    def test_twice_asks_once(self, administrator, team, ig_manager):
        colleague = PersonFactory(team=team)
        for _ in range(2):
            change_person(by=administrator, person=changed(colleague, roles=[IG]))
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize(
        ("role", "changes"),
        [
            (IG, {"email": "ade+3@northmoor.example"}),
            (MANAGER, {"email": "ade+3@northmoor.example"}),
            (MANAGER, {"team": "another"}),
        ],
    )
    def test_is_needed_again_for_another_address_and_another_team(
        self, administrator, team, ig_manager, role, changes
    ):
        """Whoever reads the mail of an address has the account."""
        person = PersonFactory(team=team, roles=[role, "practitioner"])
        if "team" in changes:
            changes = {"team": TeamFactory(organisation=team.organisation)}
        change_person(by=administrator, person=changed(person, **changes))
        assert User.objects.get(pk=person.pk).roles == ["practitioner"]
        assert Appointment.objects.get().role == role

    def test_is_needed_again_for_an_account_that_was_closed(self, administrator, team, ig_manager):
        person = PersonFactory(team=team, roles=[IG])
        change_person(by=administrator, person=changed(person, is_active=False))
        change_person(by=administrator, person=changed(person, email="ade+3@northmoor.example"))
        assert not Appointment.objects.answerable_by(ig_manager).exists()
        change_person(by=administrator, person=changed(person, is_active=True))
        assert not has_role(person, IG)
        confirm(ig_manager)
        assert has_role(person, IG)

    def test_of_a_person_who_moves_to_another_organisation_begins_there(self, superuser, ig_manager):
        there = PersonFactory(roles=[IG])
        change_person(by=superuser, person=changed(ig_manager, team=there.team))
        assert not has_role(ig_manager, IG)
        confirm(there)
        assert has_role(ig_manager, IG)

    def test_begins_anew_when_the_person_is_another_than_was_shown(self, administrator, team, ig_manager):
        invented = invite(administrator, team)
        shown = Appointment.objects.get()
        change_person(by=administrator, person=changed(invented, email="ade+3@northmoor.example"))
        with pytest.raises(Appointment.DoesNotExist):
            confirm(ig_manager, shown)
        assert Appointment.objects.get().role == IG

    def test_needs_a_team_on_the_form(self, client, superuser):
        client.force_login(superuser)
        form = {"name": "Sue", "email": "sue@northmoor.example", "team": "", "roles": [IG], "is_active": "on"}
        other = PersonFactory(team=None, roles=[], is_superuser=True)
        response = client.post(f"/admin/accounts/user/{other.pk}/change/", form)
        assert "Choose a team for the role IG manager." in text_of(response)


class TestConfirming:
    def test_is_for_neither_the_proposer_nor_the_person_nor_anybody_without_the_duty(
        self, administrator, team, ig_manager
    ):
        proposer = PersonFactory(team=team, roles=[IG, Role.ADMINISTRATOR])
        colleague = PersonFactory(team=team)
        change_person(by=proposer, person=changed(colleague, roles=["practitioner", IG]))
        others = [
            *(PersonFactory(team=team, roles=[role]) for role in Role if role != IG),
            PersonFactory(roles=[IG]),
            PersonFactory(team=team, roles=[IG], is_active=False),
        ]
        for person in [proposer, colleague, administrator, *others]:
            if person.is_active:
                with pytest.raises(PermissionDenied):
                    confirm(person)
        assert not has_role(colleague, IG)

    def test_of_the_first_ig_manager_is_for_a_product_administrator(self, administrator, team, superuser):
        invented = invite(administrator, team)
        accomplice = PersonFactory(team=team, roles=[Role.ADMINISTRATOR])
        for person in [administrator, accomplice, PersonFactory(roles=[IG])]:
            with pytest.raises(PermissionDenied):
                confirm(person)
        confirm(superuser)
        assert has_role(invented, IG)

    def test_of_whom_a_product_administrator_proposes_first_is_for_the_organisations_own(
        self, administrator, team, superuser
    ):
        invented = invite(superuser, team)
        with pytest.raises(PermissionDenied):
            confirm(superuser)
        confirm(administrator)
        assert has_role(invented, IG)

    def test_does_not_fall_to_administrators_once_there_is_an_ig_manager(
        self, administrator, team, superuser, ig_manager
    ):
        invite(superuser, team)
        with pytest.raises(PermissionDenied):
            confirm(administrator)

    def test_is_done_once(self, administrator, team, ig_manager):
        invented = invite(administrator, team)
        shown = Appointment.objects.get()
        answer_appointment(by=ig_manager, appointment=shown, confirmed=False)
        with pytest.raises(PermissionDenied):
            confirm(ig_manager, shown)
        assert not has_role(invented, IG)

    def test_by_one_person_alone_is_refused_by_the_database(self, administrator, team, ig_manager):
        invite(administrator, team)
        appointment = Appointment.objects.values().get()
        for by in [appointment["proposed_by_id"], appointment["person_id"]]:
            answer = {"answered_by": by, "answered_at": appointment["proposed_at"], "confirmed": True}
            with pytest.raises(IntegrityError), transaction.atomic():
                Appointment.objects.update(**answer)


class TestBeingTold:
    def told(self):
        mail.outbox.clear()
        send_all()
        return {
            to
            for message in mail.outbox
            for to in message.to
            if message.subject.startswith("Somebody’s new role")
        }

    def test_is_for_every_ig_manager(self, administrator, team, ig_manager, superuser):
        another = PersonFactory(team=team, roles=[IG])
        PersonFactory(roles=[IG])
        invite(administrator, team)
        assert self.told() == {ig_manager.email, another.email}
        assert not [message for message in mail.outbox if "Invented" in message.body]

    def test_is_for_product_administrators_where_there_is_nobody_else(self, administrator, team, superuser):
        invite(administrator, team)
        assert self.told() == {superuser.email}

    def test_is_for_administrators_where_a_product_administrator_proposes_the_first(
        self, administrator, team, superuser
    ):
        invite(superuser, team)
        assert self.told() == {administrator.email}


class TestPage:
    @pytest.fixture
    def appointment(self, administrator, team, ig_manager, client):
        invite(administrator, team)
        client.force_login(ig_manager)
        return Appointment.objects.get()

    def test_says_who_it_is_and_waits_in_the_inbox(self, client, appointment):
        assert appointment.get_absolute_url() in {
            link["href"] for link in page(client.get("/decisions/waiting/")).select("main a")
        }
        response = client.get(appointment.get_absolute_url())
        assert heading_of(response) == "Confirm a role"
        for words in ["Invented", "ade+2@northmoor.example", "IG manager", appointment.proposed_by.name]:
            assert words in text_of(response)

    @pytest.mark.parametrize(
        ("answer", "words"), [("yes", "has the role IG manager"), ("no", "does not get the role IG manager")]
    )
    def test_takes_an_answer_once(self, client, appointment, answer, words):
        url = appointment.get_absolute_url()
        assert [target for _, target in errors_of(client.post(url, {}))] == ["id_answer"]
        assert words in text_of(client.post(url, {"answer": answer}, follow=True))
        assert has_role(appointment.person, IG) == (answer == "yes")
        assert client.get(url).status_code == client.post(url, {"answer": "yes"}).status_code == 404

    def test_is_not_there_for_others(self, client, appointment, administrator):
        for person in [administrator, PersonFactory(roles=[IG])]:
            client.force_login(person)
            url = appointment.get_absolute_url()
            assert client.get(url).status_code == client.post(url, {"answer": "yes"}).status_code == 404

    def test_administrators_see_what_waits_in_the_list_of_people(self, client, appointment, administrator):
        client.force_login(administrator)
        assert "IG manager (not confirmed yet)" in text_of(client.get("/admin/accounts/user/"))
