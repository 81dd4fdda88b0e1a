import datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from sharingwell.accounts.models import Role, User
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory, TeamFactory
from tests.sharingwell.reading import content_of, errors_of, heading_of, page, text_of

SIGN_IN = "/accounts/login/"
SIGN_OUT = "/accounts/logout/"
SIGNED_IN_PAGE = "/decisions/"
WRONG = "The email address or the password is wrong. Check both and try again."


def sign_in(client, email, password=PASSWORD, address="127.0.0.1", **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more}, REMOTE_ADDR=address)


def is_signed_in(client):
    return client.get(SIGNED_IN_PAGE).status_code == 200


class TestSigningIn:
    @pytest.mark.parametrize(
        "typed", ["robin@northmoor.example", "Robin@Northmoor.Example", " ROBIN@NORTHMOOR.EXAMPLE "]
    )
    @pytest.mark.parametrize("kept", ["robin@northmoor.example", "Robin@Northmoor.example"])
    def test_takes_the_email_in_any_case_of_letters(self, client, kept, typed):
        PersonFactory(email=kept)
        assert sign_in(client, typed).url == SIGNED_IN_PAGE
        assert is_signed_in(client)

    def test_leads_on_to_the_page_that_was_asked_for(self, client):
        person = PersonFactory()
        asked = client.get("/decisions/new/")
        assert asked.url == f"{SIGN_IN}?next=/decisions/new/"
        hidden = page(client.get(asked.url)).select_one("main form input[name=next]")
        assert sign_in(client, person.email, next=hidden["value"]).url == "/decisions/new/"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_to_another_site(self, client, elsewhere):
        assert sign_in(client, PersonFactory().email, next=elsewhere).url == SIGNED_IN_PAGE

    def test_with_a_wrong_password_says_so_in_plain_words(self, client):
        response = sign_in(client, PersonFactory().email, "not the password")
        assert errors_of(response) == [(WRONG, "id_login")]
        assert page(response).title.string.startswith("Error: ")
        assert not is_signed_in(client)

    def test_does_not_tell_whether_an_address_is_known(self, client):
        known, unknown = PersonFactory().email, "nobody-here@northmoor.example"
        answers = [sign_in(client, email, "not the password") for email in (known, unknown)]
        assert len({text_of(answer) for answer in answers}) == 1
        assert len({answer.status_code for answer in answers}) == 1

    def test_does_not_tell_strangers_that_an_account_is_closed(self, client):
        response = sign_in(client, PersonFactory(is_active=False).email, "not the password")
        assert errors_of(response) == [(WRONG, "id_login")]

    def test_names_what_was_left_out(self, client):
        response = sign_in(client, "", "")
        assert [target for _, target in errors_of(response)] == ["id_login", "id_password"]

    def test_keeps_the_email_but_not_the_password_on_the_page(self, client):
        response = sign_in(client, "robin@northmoor.example", "a mistyped secret")
        assert page(response).select_one("#id_login")["value"] == "robin@northmoor.example"
        assert b"a mistyped secret" not in response.content

    def test_of_someone_without_a_password_is_refused(self, client):
        assert errors_of(sign_in(client, PersonFactory(password=None).email, "!")) == [(WRONG, "id_login")]

    @pytest.mark.parametrize("email", ["robin\0@northmoor.example", "x" * 300 + "@northmoor.example"])
    def test_with_an_impossible_email_is_an_error_on_the_form(self, client, email):
        assert errors_of(sign_in(client, email))[0][1] == "id_login"

    def test_with_a_nul_in_the_password_is_an_error_on_the_form(self, client):
        assert errors_of(sign_in(client, PersonFactory().email, "nul\0nul"))[0][1] == "id_password"

    def test_page_needs_few_queries(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(3):
            client.get(SIGN_IN)


class TestClosedAccounts:
    def test_deactivated_person_is_refused_at_their_next_request(self, client):
        person = PersonFactory()
        sign_in(client, person.email)
        person.is_active = False
        person.save()
        assert client.get(SIGNED_IN_PAGE).url.startswith(SIGN_IN)

    def test_deactivated_person_is_told_whom_to_ask(self, client):
        response = client.post(
            SIGN_IN, {"login": PersonFactory(is_active=False).email, "password": PASSWORD}, follow=True
        )
        assert heading_of(response) == "This account is closed"
        assert not is_signed_in(client)

    def test_withdrawn_role_is_gone_at_the_next_request(self, client):
        person = PersonFactory(roles=[Role.ADMINISTRATOR])
        sign_in(client, person.email)
        assert client.get("/admin/accounts/user/").status_code == 200
        person.roles = []
        person.save()
        assert not is_signed_in(client)
        sign_in(client, person.email)
        assert client.get("/admin/accounts/user/", follow=True).status_code == 403


class TestSigningUp:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_closed(self, client, django_user_model, method):
        response = getattr(client, method)(
            "/accounts/signup/", {"email": "new@northmoor.example", "password1": "seven grey herons wade"}
        )
        assert heading_of(response) == "Accounts are by invitation"
        assert not django_user_model.objects.exists()

    def test_is_closed_to_programs_too(self, client, django_user_model):
        response = client.post(
            "/accounts/signup/",
            {"email": "new@northmoor.example", "password1": "seven grey herons wade"},
            headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"},
        )
        assert "Accounts are by invitation" in content_of(response)
        assert not django_user_model.objects.exists()


class TestTooManyTries:
    def fail(self, client, email, times):
        return [sign_in(client, email, "not the password") for _ in range(times)]

    @pytest.mark.parametrize("known", [True, False])
    def test_sixth_failure_is_answered_with_a_page_that_says_how_long_to_wait(self, client, known):
        email = PersonFactory().email if known else "nobody-here@northmoor.example"
        *failures, last = self.fail(client, email, 6)
        assert {failure.status_code for failure in failures} == {200}
        assert heading_of(last, 429) == "Too many tries"
        assert "wait five minutes" in text_of(last, 429)

    def test_even_the_right_password_has_to_wait(self, client):
        person = PersonFactory()
        self.fail(client, person.email, 5)
        assert sign_in(client, person.email.upper()).status_code == 429
        assert not is_signed_in(client)

    def test_from_elsewhere_keep_nobody_out_where_they_signed_in_before(self, client):
        person, others = PersonFactory(), [PersonFactory() for _ in range(12)]
        sign_in(client, person.email)
        client.post(SIGN_OUT)
        answers = [
            sign_in(client, person.email, "not the password", address=f"192.0.2.{number}")
            for number in range(25)
        ]
        answers += [sign_in(client, other.email, "not the password") for other in others]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert sign_in(client, person.email).url == SIGNED_IN_PAGE

    def test_where_somebody_signed_in_before_are_limited_too(self, client):
        person = PersonFactory()
        sign_in(client, person.email)
        client.post(SIGN_OUT)
        assert [answer.status_code for answer in self.fail(client, person.email, 11)] == [200] * 10 + [429]

    def test_of_many_machines_for_one_account_are_limited_by_the_hour(self, client):
        email = PersonFactory().email
        answers = [
            sign_in(client, email, "not the password", address=f"192.0.2.{number}") for number in range(21)
        ]
        assert [answer.status_code for answer in answers] == [200] * 20 + [429]

    def test_for_one_account_on_one_machine_do_not_count_on_another(self, client):
        person = PersonFactory()
        self.fail(client, person.email, 6)
        assert sign_in(client, person.email, address="192.0.2.7").url == SIGNED_IN_PAGE

    def test_tell_nobody_who_signed_in_from_where(self, client):
        person = PersonFactory()
        sign_in(client, person.email, address="192.0.2.7")
        self.fail(client, person.email, 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM cache")
            keys = [key for (key,) in cursor.fetchall()]
        [known] = [key for key in keys if "signed-in-before" in key]
        assert "192.0.2.7" not in known
        assert not [key for key in keys if person.email in key]

    def test_others_are_not_kept_out(self, client):
        self.fail(client, PersonFactory().email, 6)
        assert sign_in(client, PersonFactory().email).url == SIGNED_IN_PAGE

    def test_one_machine_cannot_try_many_addresses(self, client):
        answers = [sign_in(client, f"guess-{number}@northmoor.example", "12345678") for number in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]

    def test_signing_in_rightly_does_not_count_as_a_try(self, client):
        person = PersonFactory()
        for _ in range(8):
            assert sign_in(client, person.email).url == SIGNED_IN_PAGE
            client.post(SIGN_OUT)

    def test_tries_are_counted_in_the_database_which_all_processes_share(self, client):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cache")
            assert cursor.fetchone() == (0,)
            sign_in(client, PersonFactory().email, "not the password")
            cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%%login_failed%%'")
            assert cursor.fetchone()[0] > 0


class TestSession:
    @pytest.fixture
    def person(self, client):
        person = PersonFactory()
        sign_in(client, person.email)
        return person

    def minutes_left(self):
        return (Session.objects.get().expire_date - timezone.now()).total_seconds() / 60

    def test_lasts_thirty_minutes(self, client, person):
        assert 29 < self.minutes_left() <= 30

    def test_is_prolonged_by_every_click(self, client, person):
        soon = timezone.now() + datetime.timedelta(minutes=2)
        Session.objects.update(expire_date=soon)
        client.get("/")
        assert 29 < self.minutes_left() <= 30

    def test_that_ended_asks_for_sign_in_again(self, client, person):
        Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
        assert client.get(SIGNED_IN_PAGE).url == f"{SIGN_IN}?next={SIGNED_IN_PAGE}"

    def test_ends_after_twelve_hours_however_busy_it_was(self, client, person):
        with time_machine.travel(timezone.localtime(), tick=False) as clock:
            for _ in range(12 * 3 - 1):
                assert is_signed_in(client)
                clock.shift(datetime.timedelta(minutes=20))
            assert is_signed_in(client)
            key = client.session.session_key
            clock.shift(datetime.timedelta(minutes=20))
            assert client.get(SIGNED_IN_PAGE).url == f"{SIGN_IN}?next={SIGNED_IN_PAGE}"
            assert not Session.objects.filter(session_key=key).exists()
            sign_in(client, person.email)
            assert is_signed_in(client)

    @pytest.mark.parametrize("change", [{"roles": [Role.MANAGER]}, {"team": None}, {"password": "another"}])
    def test_ends_at_once_when_role_team_or_password_change(self, client, person, change):
        assert is_signed_in(client)
        key = client.session.session_key
        if "team" in change:
            change = {"team": TeamFactory(organisation=person.organisation)}
        User.objects.filter(pk=person.pk).update(**change)
        assert client.get(SIGNED_IN_PAGE).url.startswith(SIGN_IN)
        assert not Session.objects.filter(session_key=key).exists()

    def test_does_not_come_back_for_a_person_who_was_deactivated_and_activated_again(self, client, person):
        User.objects.update(is_active=False)
        assert not is_signed_in(client)
        User.objects.update(is_active=True)
        assert not is_signed_in(client)

    def test_cookie_is_out_of_reach_of_scripts_and_other_sites_and_goes_with_the_browser(
        self, client, person
    ):
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["expires"]
        assert not cookie["max-age"]

    def test_holds_nothing_that_was_there_before_sign_in(self, client):
        person = PersonFactory()
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        planted = session.session_key
        sign_in(client, person.email)
        assert client.session.session_key != planted


class TestSigningOut:
    @pytest.fixture
    def signed_in(self, client):
        sign_in(client, PersonFactory().email)
        return client

    def test_ends_the_session(self, signed_in):
        key = signed_in.session.session_key
        response = signed_in.post(SIGN_OUT, follow=True)
        assert "You are signed out." in text_of(response)
        assert not Session.objects.filter(session_key=key).exists()
        assert not is_signed_in(signed_in)

    def test_by_a_link_only_asks(self, signed_in):
        response = signed_in.get(SIGN_OUT)
        assert page(response).select_one("main form[method=post] button").get_text(strip=True) == "Sign out"
        assert is_signed_in(signed_in)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_after_the_session_ended_does_not_ask_to_sign_in_first(self, client, method):
        assert getattr(client, method)(SIGN_OUT).url == "/"

    def test_in_the_admin_does_the_same(self, client):
        client.force_login(PersonFactory(roles=[Role.ADMINISTRATOR]))
        assert client.post("/admin/logout/").url == "/"
        assert not is_signed_in(client)
