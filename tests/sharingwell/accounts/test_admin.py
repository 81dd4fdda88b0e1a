import re
from unittest.mock import Mock

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from sharingwell.accounts.actions import change_person, notify_former_address
from sharingwell.accounts.models import Organisation, Role, Team, User
from sharingwell.notifications.actions import notify
from sharingwell.notifications.models import Email, Notification
from tests.decisions.factories import DecisionFactory
from tests.sharingwell.accounts.factories import OrganisationFactory, PersonFactory, TeamFactory
from tests.sharingwell.notifications.queue import queued, send_all
from tests.sharingwell.reading import heading_of, page, text_of

PEOPLE = "/admin/accounts/user/"
TEAMS = "/admin/accounts/team/"
ORGANISATIONS = "/admin/accounts/organisation/"
SAVE = {"_save": "Save"}


def address(person):
    return f"{PEOPLE}{person.pk}/change/"


def form_for(person, **changes):
    """Form that a browser posts for a person with these changes."""
    fields = {
        "email": person.email,
        "name": person.name,
        "job_title": person.job_title,
        "team": person.team_id or "",
        "roles": person.roles,
        "is_active": "on",
        **changes,
    }
    return {**{name: value for name, value in fields.items() if value is not None}, **SAVE}


def rows(client, address):
    return {link.get_text(strip=True) for link in page(client.get(address)).select("#result_list tbody th a")}


def choices(client, address, field):
    return {option.get_text(strip=True) for option in page(client.get(address)).select(f"#id_{field} option")}


@pytest.fixture
def administrator(db):
    return PersonFactory(roles=[Role.ADMINISTRATOR], email="ade@northmoor.example")


@pytest.fixture
def team(administrator):
    return administrator.team


@pytest.fixture
def colleague(team):
    return PersonFactory(team=team, name="Colleague")


@pytest.fixture
def stranger(db):
    return PersonFactory(name="Stranger")


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def as_superuser(client):
    client.force_login(PersonFactory(team=None, roles=[], is_superuser=True, name="Superuser"))
    return client


class TestWhoComesIn:
    @pytest.mark.parametrize("address", ["/admin/", PEOPLE, f"{PEOPLE}add/"])
    def test_stranger_is_sent_to_the_products_sign_in_and_back(self, client, db, address):
        response = client.get(address, follow=True)
        assert heading_of(response) == "Sign in"
        assert page(response).select_one("input[name=next]")["value"] == address

    def test_admins_own_sign_in_form_is_closed(self, client, db):
        person = PersonFactory(is_superuser=True)
        client.post("/admin/login/", {"username": person.email, "password": "seven grey herons wade"})
        assert client.get("/admin/").status_code == 302

    @pytest.mark.parametrize("roles", [[], [Role.PRACTITIONER], [Role.MANAGER]])
    def test_person_without_work_there_is_told_so(self, client, db, roles):
        client.force_login(PersonFactory(roles=roles))
        response = client.get("/admin/", follow=True)
        assert heading_of(response, 403) == "You cannot do this"

    @pytest.mark.parametrize("address", [PEOPLE, f"{PEOPLE}add/", TEAMS, f"{TEAMS}add/", ORGANISATIONS])
    @pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MANAGER, Role.IG_MANAGER, Role.GUIDE_EDITOR])
    def test_other_roles_do_not_reach_people(self, client, db, role, address):
        client.force_login(PersonFactory(roles=[role]))
        for response in (client.get(address, follow=True), client.post(address, SAVE, follow=True)):
            assert response.status_code == 403

    @pytest.mark.parametrize("role", [Role.IG_MANAGER, Role.GUIDE_EDITOR])
    def test_other_roles_do_not_reach_one_person(self, client, stranger, role):
        client.force_login(PersonFactory(roles=[role], team=stranger.team))
        assert client.get(address(stranger)).status_code == 403
        assert client.post(address(stranger), form_for(stranger, name="Changed")).status_code == 403
        assert not User.objects.filter(name="Changed").exists()

    def test_nobody_finds_out_there_which_decisions_exist(self, client, db):
        decision = DecisionFactory()
        client.force_login(PersonFactory(roles=[Role.GUIDE_EDITOR]))
        kind = ContentType.objects.get_for_model(decision)
        assert client.get(f"/admin/r/{kind.pk}/{decision.pk}/").status_code == 404

    def test_addresses_that_django_allauth_keeps_are_not_edited_here(self, as_superuser):
        assert as_superuser.get("/admin/account/emailaddress/").status_code == 404


class TestWhatAnAdministratorSees:
    def test_is_the_people_of_their_organisation(self, as_administrator, administrator, colleague, stranger):
        elsewhere = PersonFactory(team=TeamFactory(organisation=administrator.organisation), name="Next door")
        assert rows(as_administrator, PEOPLE) == {administrator.name, colleague.name, elsewhere.name}

    def test_is_not_a_superuser_even_of_their_team(self, as_administrator, administrator, team):
        superuser = PersonFactory(team=team, is_superuser=True, name="Superuser")
        assert rows(as_administrator, PEOPLE) == {administrator.name}
        as_administrator.post(address(superuser), form_for(superuser, email="ade+2@northmoor.example"))
        superuser.refresh_from_db()
        assert superuser.email != "ade+2@northmoor.example"

    def test_is_their_organisation_and_its_teams(self, as_administrator, team, stranger):
        assert rows(as_administrator, TEAMS) == {team.name}
        assert rows(as_administrator, ORGANISATIONS) == {team.organisation.name}

    def test_names_no_other_organisation_in_filters_and_choices(self, as_administrator, team, stranger):
        TeamFactory(organisation=team.organisation)
        shown = text_of(as_administrator.get(PEOPLE)) + text_of(as_administrator.get(f"{PEOPLE}add/"))
        assert stranger.organisation.name not in shown
        assert stranger.team.name not in shown

    def test_person_of_another_organisation_is_not_there(self, as_administrator, stranger):
        for page_of_theirs in (address(stranger), f"{PEOPLE}{stranger.pk}/history/"):
            assert as_administrator.get(page_of_theirs).status_code == 302  # to the admin's start, saying so
        as_administrator.post(address(stranger), form_for(stranger, name="Changed"))
        stranger.refresh_from_db()
        assert stranger.name == "Stranger"

    def test_password_hash_cannot_be_guessed_through_the_address(self, as_superuser, colleague):
        assert as_superuser.get(f"{PEOPLE}?password__startswith=md5").status_code == 400

    def test_list_takes_as_many_queries_for_many_people(
        self, as_administrator, team, django_assert_max_num_queries
    ):
        for _ in range(12):
            PersonFactory(team=team)
        with django_assert_max_num_queries(12):
            as_administrator.get(PEOPLE)


class TestInviting:
    def invite(self, client, into, **changes):
        person = {
            "email": "New.Person@northmoor.example",
            "name": "New Person",
            "job_title": "Support worker",
            "team": into.pk,
            "roles": ["practitioner"],
        }
        return client.post(f"{PEOPLE}add/", {**person, **changes, **SAVE}, follow=True)

    def test_whole_way(self, as_administrator, team, client):
        response = self.invite(as_administrator, team)
        person = User.objects.get(name="New Person")
        assert (person.email, person.team, person.roles) == (
            "new.person@northmoor.example",
            team,
            ["practitioner"],
        )
        assert person.is_active
        assert not person.has_usable_password()
        assert "was added successfully" in page(response).get_text()

        send_all()
        [message] = mail.outbox
        assert message.to == [person.email]
        assert message.subject == "You are invited to Sharing well"
        assert team.organisation.name in message.body
        assert "The link works for 7 days" in message.body
        assert person.name not in message.body

        invited = type(client)()
        link = re.search(r"http://127.0.0.1:8000(/\S+)", message.body)[1]
        form = invited.get(link, follow=True)
        assert heading_of(form) == "Choose a password"
        new = "nine tall alders lean"
        saved = invited.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
        assert heading_of(saved) == "Sign in"
        signed_in = invited.post(
            "/accounts/login/", {"login": "new.person@northmoor.example", "password": new}
        )
        assert signed_in.url == "/decisions/"
        assert invited.get("/decisions/").status_code == 200
        assert heading_of(type(client)().get(link, follow=True)) == "This link no longer works"

    def test_link_is_made_when_it_is_sent_and_stands_in_no_table(self, as_administrator, team):
        self.invite(as_administrator, team)
        notification = Notification.objects.get()
        assert (notification.path, notification.reference) == ("", "")
        assert queued() == [{"organisation": team.organisation_id, "email": notification.email_id}]
        assert not mail.outbox

    def test_email_that_someone_has_in_other_letters_is_an_error_on_the_form(
        self, as_administrator, team, stranger
    ):
        response = self.invite(as_administrator, team, email=stranger.email.upper())
        assert "Someone has this email address already." in text_of(response)
        assert not User.objects.filter(name="New Person").exists()

    def test_person_without_a_team_is_an_error_on_the_form(self, as_administrator, team):
        response = self.invite(as_administrator, team, team="")
        assert "This field is required." in text_of(response)

    @pytest.mark.parametrize(
        "forged",
        [
            {"roles": ["caretaker"]},
            {"email": "no address"},
            {"name": ""},
            {"name": "Nul\0l"},
            {"name": "x" * 201},
        ],
    )
    def test_bad_input_is_an_error_on_the_form(self, as_administrator, team, forged):
        response = self.invite(as_administrator, team, **forged)
        assert "Please correct the error below." in text_of(response)
        assert User.objects.count() == 1

    def test_team_of_another_organisation_is_neither_offered_nor_taken(
        self, as_administrator, team, stranger
    ):
        assert choices(as_administrator, f"{PEOPLE}add/", "team") == {"---------", team.name}
        self.invite(as_administrator, stranger.team)
        assert not User.objects.filter(name="New Person").exists()

    def test_nobody_is_made_a_superuser_or_given_django_permissions(self, as_administrator, team):
        self.invite(
            as_administrator,
            team,
            is_superuser="on",
            is_staff="on",
            groups="1",
            user_permissions="1",
            password="x",
        )
        person = User.objects.get(name="New Person")
        assert not person.is_superuser
        assert not person.is_staff
        assert not person.has_usable_password()

    def test_again_sends_to_those_who_have_not_chosen_a_password(self, as_administrator, team, colleague):
        waiting = PersonFactory(team=team, password=None)
        gone = PersonFactory(team=team, password=None, is_active=False)
        response = as_administrator.post(
            PEOPLE,
            {"action": "invite_again", "_selected_action": [waiting.pk, gone.pk, colleague.pk]},
            follow=True,
        )
        send_all()
        assert [message.to for message in mail.outbox] == [[waiting.email]]
        assert "Invitations on their way: 1. Not sent to 2" in page(response).get_text()
        assert LogEntry.objects.get().get_change_message() == "Sent the invitation again."

    def test_again_does_not_reach_another_organisation(self, as_administrator, db):
        waiting = PersonFactory(password=None)
        again = {"action": "invite_again", "_selected_action": [waiting.pk]}
        assert heading_of(as_administrator.post(PEOPLE, again, follow=True)) == "Select person to change"
        assert not queued()


class TestChanging:
    def test_roles_and_team_are_given_and_written_down(self, as_administrator, administrator, colleague):
        other = TeamFactory(organisation=administrator.organisation)
        form = form_for(colleague, roles=["practitioner", "administrator"], team=other.pk)
        assert as_administrator.post(address(colleague), form).url == PEOPLE
        colleague.refresh_from_db()
        assert (colleague.roles, colleague.team) == (["practitioner", "administrator"], other)
        entry = LogEntry.objects.get()
        assert entry.user == administrator
        assert entry.get_change_message() == "Changed Team and roles."

    def test_access_is_withdrawn(self, as_administrator, colleague):
        as_administrator.post(address(colleague), form_for(colleague, is_active=None))
        colleague.refresh_from_db()
        assert not colleague.is_active

    def test_superuser_and_team_elsewhere_cannot_be_forged(self, as_administrator, colleague, stranger):
        as_administrator.post(
            address(colleague), form_for(colleague, is_superuser="on", password="md5$forged")
        )
        response = as_administrator.post(address(colleague), form_for(colleague, team=stranger.team_id))
        assert "Select a valid choice" in text_of(response)
        former = colleague.password
        colleague.refresh_from_db()
        assert not colleague.is_superuser
        assert colleague.organisation != stranger.organisation
        assert colleague.password == former

    def test_email_of_another_in_other_letters_is_an_error_on_the_form(
        self, as_administrator, colleague, stranger
    ):
        response = as_administrator.post(
            address(colleague), form_for(colleague, email=stranger.email.title())
        )
        assert "Someone has this email address already." in text_of(response)

    def test_former_address_is_told_of_a_new_one(
        self, as_administrator, colleague, django_capture_on_commit_callbacks
    ):
        former = colleague.email
        colleague.emailaddress_set.create(email=former, verified=True, primary=True)
        with django_capture_on_commit_callbacks(execute=True):
            as_administrator.post(address(colleague), form_for(colleague, email="new@northmoor.example"))
        [message] = mail.outbox
        assert message.to == [former]
        assert message.subject == "Your address at Sharing well was changed"
        assert "new@northmoor.example" not in message.body
        sign_in = as_administrator.__class__()
        for email, where in ((former, None), ("new@northmoor.example", "/decisions/")):
            response = sign_in.post(
                "/accounts/login/", {"login": email, "password": "seven grey herons wade"}
            )
            assert getattr(response, "url", None) == where

    def test_person_who_has_not_come_yet_is_invited_at_their_new_address(self, as_administrator, team):
        waiting = PersonFactory(team=team, password=None)
        as_administrator.post(address(waiting), form_for(waiting, email="right@northmoor.example"))
        send_all()
        assert [message.to for message in mail.outbox] == [["right@northmoor.example"]]

    def test_what_was_not_delivered_is_shown_and_goes_again(self, as_administrator, administrator, colleague):
        PersonFactory(team=colleague.team, name="Reached")
        notify(to=colleague, kind="advice-asked", event_key="advice-12-asked", path="/advice/12/")
        Email.objects.update(failed_at=timezone.now())
        for shown in [PEOPLE, address(colleague)]:
            assert "is the address right?" in text_of(as_administrator.get(shown))
        assert rows(as_administrator, f"{PEOPLE}?emails=not-delivered") == {"Colleague"}
        chosen = {"action": "send_again", "_selected_action": [colleague.pk]}
        again = as_administrator.post(PEOPLE, chosen, follow=True)
        assert "Emails on their way again: 1." in page(again).get_text()
        Email.objects.update(failed_at=timezone.now())
        as_administrator.post(address(colleague), form_for(colleague, email="right@northmoor.example"))
        send_all()
        assert [message.to for message in mail.outbox] == [["right@northmoor.example"]]
        assert "is the address right?" not in text_of(as_administrator.get(PEOPLE))

    def test_nobody_changes_their_own_roles_team_address_or_access(self, as_administrator, administrator):
        other = TeamFactory(organisation=administrator.organisation)
        form = form_for(
            administrator,
            name="New name",
            email="else@northmoor.example",
            roles=["ig_manager"],
            team=other.pk,
            is_active=None,
        )
        assert as_administrator.post(address(administrator), form).url == PEOPLE
        before = (administrator.email, administrator.roles, administrator.team, True)
        administrator.refresh_from_db()
        assert (
            administrator.email,
            administrator.roles,
            administrator.team,
            administrator.is_active,
        ) == before
        assert administrator.name == "New name"
        assert "Administrator" in text_of(as_administrator.get(address(administrator)))

    @pytest.mark.parametrize("who", ["colleague", "team", "organisation"])
    def test_nothing_is_deleted(self, as_administrator, colleague, who):
        row = {"colleague": colleague, "team": colleague.team, "organisation": colleague.organisation}[who]
        where = f"/admin/accounts/{row._meta.model_name}/"
        assert as_administrator.post(f"{where}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        as_administrator.post(
            where, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert type(row).objects.filter(pk=row.pk).exists()


class TestRolesThatReachEveryOrganisation:
    @pytest.mark.parametrize("role", [Role.GUIDE_EDITOR, Role.PARTNERSHIP_LEAD])
    def test_are_neither_offered_nor_taken_from_an_administrator(
        self, as_administrator, team, colleague, role
    ):
        assert Role(role).label not in text_of(as_administrator.get(f"{PEOPLE}add/"))
        invited = {"email": "new@northmoor.example", "name": "New", "team": team.pk, "roles": [role]}
        for where, form in [
            (f"{PEOPLE}add/", {**invited, **SAVE}),
            (address(colleague), form_for(colleague, roles=[role])),
        ]:
            assert "Select a valid choice" in text_of(as_administrator.post(where, form))
        assert not User.objects.filter(roles__contains=[role]).exists()

    @pytest.mark.parametrize("role", [Role.GUIDE_EDITOR, Role.PARTNERSHIP_LEAD])
    def test_stay_with_whoever_has_them_and_so_does_the_address(self, as_administrator, team, role):
        person = PersonFactory(team=team, roles=[role])
        form = form_for(person, roles=["practitioner"], email="ade+2@northmoor.example")
        assert as_administrator.post(address(person), form).url == PEOPLE
        before = person.email
        person.refresh_from_db()
        assert (set(person.roles), person.email) == ({"practitioner", role}, before)

    def test_are_given_by_the_products_administrators(self, as_superuser, colleague):
        as_superuser.post(address(colleague), form_for(colleague, roles=["guide_editor"]))
        colleague.refresh_from_db()
        assert colleague.roles == ["guide_editor"]

    def test_are_refused_by_the_action_as_well(self, administrator, colleague):
        colleague.roles = ["partnership_lead"]
        with pytest.raises(PermissionDenied):
            change_person(by=administrator, person=colleague)


class TestTeamsAndOrganisations:
    def test_administrator_adds_a_team_to_their_own_organisation_only(
        self, as_administrator, administrator, stranger
    ):
        own = administrator.organisation
        as_administrator.post(f"{TEAMS}add/", {"name": "Outreach", "organisation": own.pk, **SAVE})
        as_administrator.post(
            f"{TEAMS}add/", {"name": "Raid", "organisation": stranger.organisation.pk, **SAVE}
        )
        assert Team.objects.get(name="Outreach").organisation == own
        assert not Team.objects.filter(name="Raid").exists()

    def test_team_stays_in_its_organisation(self, as_superuser, colleague, stranger):
        team = colleague.team
        form = {"name": "Renamed", "organisation": stranger.organisation.pk, **SAVE}
        as_superuser.post(f"{TEAMS}{team.pk}/change/", form)
        team.refresh_from_db()
        assert (team.name, team.organisation) == ("Renamed", colleague.organisation)

    def test_second_team_of_a_name_is_an_error_on_the_form(self, as_administrator, team):
        form = {"name": team.name, "organisation": team.organisation_id, **SAVE}
        assert "already exists" in text_of(as_administrator.post(f"{TEAMS}add/", form))

    def test_administrator_adds_no_organisation(self, as_administrator):
        assert as_administrator.post(f"{ORGANISATIONS}add/", {"name": "New", **SAVE}).status_code == 403


class TestSuperuser:
    def test_sees_everyone(self, as_superuser, colleague, stranger):
        assert {colleague.name, stranger.name, "Superuser"} < rows(as_superuser, PEOPLE)

    def test_sets_up_an_organisation_with_its_first_administrator(self, as_superuser):
        as_superuser.post(f"{ORGANISATIONS}add/", {"name": "New Trust", **SAVE})
        organisation = Organisation.objects.get(name="New Trust")
        as_superuser.post(f"{TEAMS}add/", {"name": "IG", "organisation": organisation.pk, **SAVE})
        team = organisation.teams.get()
        person = {
            "email": "first@trust.example",
            "name": "First",
            "team": team.pk,
            "roles": ["administrator"],
        }
        as_superuser.post(f"{PEOPLE}add/", {**person, **SAVE})
        assert User.objects.get(name="First").has_role(Role.ADMINISTRATOR)

    def test_must_give_others_a_team(self, as_superuser, db):
        person = {"email": "first@trust.example", "name": "First", "team": "", "roles": ["administrator"]}
        assert "This field is required." in text_of(as_superuser.post(f"{PEOPLE}add/", {**person, **SAVE}))

    def test_saves_their_own_page_without_having_a_team(self, as_superuser):
        own = User.objects.get(name="Superuser")
        assert as_superuser.post(address(own), {"name": "Sue", **SAVE}).url == PEOPLE


def test_people_are_listed_with_their_roles_in_words(as_administrator, team):
    PersonFactory(team=team, roles=[Role.IG_MANAGER, Role.PRACTITIONER])
    assert "IG manager, Practitioner" in text_of(as_administrator.get(PEOPLE))


def test_organisation_has_a_name_of_its_own(as_superuser):
    taken = OrganisationFactory()
    assert "already exists" in text_of(
        as_superuser.post(f"{ORGANISATIONS}add/", {"name": taken.name, **SAVE})
    )


class TestChangingAPerson:
    """Tests the action alone."""

    def test_says_that_a_former_address_is_to_be_told(self, administrator: User, colleague: User) -> None:
        former, colleague.email = colleague.email, "new@northmoor.example"
        assert change_person(by=administrator, person=colleague) == former
        assert User.objects.get(pk=colleague.pk).email == "new@northmoor.example"

    def test_tells_nobody_where_the_address_stays(self, administrator: User, colleague: User) -> None:
        colleague.name = "Another name"
        assert change_person(by=administrator, person=colleague) is None

    def test_says_whether_the_former_address_could_be_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert notify_former_address(address="old@northmoor.example")
        monkeypatch.setattr("sharingwell.accounts.actions.send_mail", Mock(side_effect=OSError))
        assert not notify_former_address(address="old@northmoor.example")
