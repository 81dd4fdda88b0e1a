import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sharingwell.accounts.invitations import invitation_path
from sharingwell.accounts.models import Organisation, User
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory
from tests.sharingwell.notifications.queue import queued, send_all
from tests.sharingwell.reading import errors_of, heading_of, page, text_of

FORGOTTEN = "/accounts/password/reset/"
CHANGE = "/accounts/password/change/"
SIGN_IN = "/accounts/login/"
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
NEW_PASSWORD = "nine tall alders lean"


def link_in(message):
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def ask(client, email):
    """Asks for a link, which the worker sends."""
    response = client.post(FORGOTTEN, {"email": email}, follow=True)
    send_all()
    return response


def heading_after(time, link):
    """Heading of the page to which the link leads that much later."""
    with time_machine.travel(timezone.localtime() + time):
        return heading_of(Client().get(link, follow=True))


def choose(client, link, password=NEW_PASSWORD, again=None):
    """Follows the link and posts the form."""
    form = client.get(link, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else link
    return client.post(where, {"password1": password, "password2": again or password})


@pytest.fixture
def person():
    return PersonFactory(email="robin@northmoor.example", name="Robin Hollis-Vale")


class TestForgotten:
    def test_whole_way(self, client, person):
        assert heading_of(ask(client, "Robin@Northmoor.example")) == "Check your email"
        [message] = mail.outbox
        assert message.to == [person.email]
        assert message.subject == "Choose a new password for Sharing well"

        form = client.get(link_in(message), follow=True)
        assert heading_of(form) == "Choose a password"
        saved = choose(client, link_in(message))
        assert saved.url == SIGN_IN
        assert "Your password is saved. Sign in with it." in text_of(client.get(SIGN_IN))

        signed_in = client.post(SIGN_IN, {"login": person.email, "password": NEW_PASSWORD})
        assert signed_in.url == "/decisions/"
        client.post("/accounts/logout/")
        assert errors_of(client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}))

    def test_the_person_is_told_by_email_that_the_password_was_changed(self, client, person):
        ask(client, person.email)
        choose(client, link_in(mail.outbox.pop()))
        send_all()
        assert [message.subject for message in mail.outbox] == ["Your password for Sharing well was changed"]

    def test_link_works_once(self, client, person):
        ask(client, person.email)
        link = link_in(mail.outbox[0])
        choose(client, link)
        again = client.get(link, follow=True)
        assert heading_of(again) == "This link no longer works"
        assert page(again).select_one(f"main a[href='{FORGOTTEN}']")

    def test_link_works_for_one_day(self, client, person):
        ask(client, person.email)
        assert "works for one day" in mail.outbox[0].body
        link = link_in(mail.outbox[0])
        assert heading_after(A_DAY - A_MINUTE, link) == "Choose a password"
        assert heading_after(A_DAY + A_MINUTE, link) == "This link no longer works"

    def test_link_of_another_day_does_not_work_once_the_password_was_changed(self, client, person):
        for _ in range(2):
            ask(client, person.email)
        first, second = [link_in(message) for message in mail.outbox]
        choose(client, second)
        assert heading_after(A_MINUTE, first) == "This link no longer works"

    @pytest.mark.parametrize("link", ["1-nonsense", "zzzzzzzzzzzzzz-set-password", "1-set-password", "0-a-b"])
    def test_invented_link_does_not_work(self, client, person, link):
        response = client.get(f"/accounts/password/reset/key/{link}/", follow=True)
        assert heading_of(response) == "This link no longer works"

    def test_link_does_not_stay_in_the_address(self, client, person):
        ask(client, person.email)
        form = client.get(link_in(mail.outbox[0]), follow=True)
        assert form.redirect_chain[-1][0].endswith("-set-password/")
        assert "no-store" in form["Cache-Control"]

    @pytest.mark.parametrize("email", ["nobody-here@northmoor.example", "closed@northmoor.example"])
    def test_address_that_is_unknown_or_closed_gets_the_same_page_and_no_email(self, client, person, email):
        PersonFactory(email="closed@northmoor.example", is_active=False)
        assert text_of(ask(client, email)) == text_of(ask(client, person.email))
        assert [message.to for message in mail.outbox] == [[person.email]]

    @pytest.mark.parametrize("email", ["nobody-here@northmoor.example", "closed@northmoor.example"])
    def test_address_that_is_unknown_or_closed_takes_the_same_queries(self, client, person, email):
        """And no email is sent before the page is, so that the time it takes tells nothing."""
        PersonFactory(email="closed@northmoor.example", is_active=False)
        asked = []
        for each in (person.email, email):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                client.post(FORGOTTEN, {"email": each})
            asked.append([re.sub(r"[0-9]+|'.*", "", query["sql"])[:60] for query in queries])
        assert asked[0] == asked[1]
        assert not mail.outbox
        assert list(ProcrastinateJob.objects.values_list("args", flat=True)) == [
            {"person": person.pk},
            {"person": None},
        ]

    def test_email_says_nothing_but_how_to_go_on(self, client, person):
        ask(client, person.email)
        [message] = mail.outbox
        assert person.name not in message.body
        assert len(message.body.split()) < 40
        assert not getattr(message, "alternatives", None)

    def test_link_leads_to_no_host_but_ours(self, client, person, settings):
        settings.ALLOWED_HOSTS = ["sharing-well.example"]
        response = client.post(FORGOTTEN, {"email": person.email}, headers={"host": "evil.example"})
        assert response.status_code == 400
        assert not mail.outbox
        client.post(FORGOTTEN, {"email": person.email}, headers={"host": "sharing-well.example"})
        send_all()
        assert "http://127.0.0.1:8000/accounts/" in mail.outbox[0].body

    def test_signs_out_everywhere_else(self, client, person):
        elsewhere = type(client)()
        elsewhere.force_login(person)
        ask(client, person.email)
        choose(client, link_in(mail.outbox[0]))
        assert elsewhere.get("/decisions/").status_code == 302

    def test_password_reset_clears_the_rate_limit(self, client, person):
        for _ in range(6):
            locked = client.post(SIGN_IN, {"login": person.email, "password": "not the password"})
        assert locked.status_code == 429
        ask(client, person.email)
        choose(client, link_in(mail.outbox[0]))
        assert client.post(SIGN_IN, {"login": person.email, "password": NEW_PASSWORD}).url == "/decisions/"

    def test_asking_too_often_is_answered_with_the_page_that_says_how_long_to_wait(self, client, person):
        answers = [ask(client, person.email) for _ in range(6)]
        assert answers[-1].status_code == 429
        assert len(mail.outbox) == 5


class TestInvitation:
    @pytest.fixture
    def invited(self, db):
        return PersonFactory(password=None)

    def test_works_for_seven_days(self, invited):
        link = invitation_path(invited)
        assert heading_after(7 * A_DAY - A_MINUTE, link) == "Choose a password"
        assert heading_after(7 * A_DAY + A_MINUTE, link) == "This link no longer works"

    def test_works_once_and_so_does_each_that_was_sent_before(self, client, invited):
        links = [invitation_path(invited), invitation_path(invited)]
        assert choose(client, links[0]).url == SIGN_IN
        assert queued() == []  # the first password is not a change
        for link in links:
            assert heading_after(A_MINUTE, link) == "This link no longer works"

    def test_a_link_that_an_invited_person_asks_for_works_for_one_day(self, client, invited):
        ask(client, invited.email)
        assert heading_after(A_DAY + A_MINUTE, link_in(mail.outbox[0])) == "This link no longer works"


class TestChoosing:
    @pytest.mark.parametrize(
        ("password", "complaint"),
        [
            ("short words", "at least 12 characters"),
            ("password1234", "too common"),
            ("7412589630741258", "entirely numeric"),
            ("robin@northmoor.example", "too similar to the email"),
            ("robinhollis-vale", "too similar to the name"),
        ],
    )
    def test_weak_password_is_an_error_on_the_form(self, client, person, password, complaint):
        ask(client, person.email)
        response = choose(client, link_in(mail.outbox[0]), password)
        assert [target for message, target in errors_of(response) if complaint in message] == ["id_password1"]
        assert password.encode() not in response.content
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    @pytest.mark.parametrize(
        "password",
        [
            "aaaaaaaaaaaa",
            "passwordpassword",
            "qwertyuiopasdf",
            "JanuaryFebruary",
            "sharing-well",
            "sharingwell2026",
            "Northmoor Trust 1",
            "n0rthm00rtru5t",
            "Robin-Hollis-Vale-77",
            "housing officer robin",
            "            ",
            "\u3000" * 12,
            "Password123456!",
        ],
    )
    def test_password_that_is_soon_guessed_is_an_error_on_the_form(self, client, person, password):
        Organisation.objects.update(name="Northmoor Trust")
        ask(client, person.email)
        response = choose(client, link_in(mail.outbox[0]), password)
        assert {target for _, target in errors_of(response)} == {"id_password1"}
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    @pytest.mark.parametrize(
        "password",
        [
            "my horse eats vale apples",
            "Ω" * 3 + "kapybara-Nebel-Trichter",
            "my horse eats pale apples on every second Thursday of the year " * 2,
        ],
    )
    def test_words_that_have_nothing_to_do_with_each_other_are_taken(self, client, person, password):
        ask(client, person.email)
        assert choose(client, link_in(mail.outbox[0]), password).url == SIGN_IN

    def test_every_long_password_of_the_list_of_common_ones_is_refused(self):
        long = {word for word in CommonPasswordValidator().passwords if len(word) >= 12}
        assert long
        for word in sorted(long)[:50]:
            with pytest.raises(ValidationError):
                validate_password(word)

    def test_two_different_passwords_are_an_error_on_the_form(self, client, person):
        ask(client, person.email)
        response = choose(client, link_in(mail.outbox[0]), NEW_PASSWORD, "nine tall elders lean")
        assert [target for _, target in errors_of(response)] == ["id_password2"]


class TestChanging:
    @pytest.fixture
    def signed_in(self, client, person):
        client.force_login(person)
        return client

    def change(self, client, now=PASSWORD, new=NEW_PASSWORD):
        return client.post(CHANGE, {"oldpassword": now, "password1": new, "password2": new}, follow=True)

    def test_signs_out_and_asks_to_sign_in_with_the_new_one(self, signed_in, person):
        response = self.change(signed_in)
        assert heading_of(response) == "Sign in"
        assert "Your password is saved. Sign in with it." in text_of(response)
        signed_in_again = signed_in.post(SIGN_IN, {"login": person.email, "password": NEW_PASSWORD})
        assert signed_in_again.url == "/decisions/"

    def test_needs_the_password_of_now(self, signed_in):
        assert [target for _, target in errors_of(self.change(signed_in, now="a guess"))] == [
            "id_oldpassword"
        ]

    def test_refuses_a_weak_one(self, signed_in):
        assert "id_password1" in [target for _, target in errors_of(self.change(signed_in, new="short"))]

    @pytest.mark.parametrize("frequency", User.EmailFrequency.values)
    def test_is_told_to_the_person_by_email_at_once(self, signed_in, person, frequency):
        User.objects.update(email_frequency=frequency)
        self.change(signed_in)
        send_all()
        [message] = mail.outbox
        assert message.to == [person.email]
        assert message.subject == "Your password for Sharing well was changed"
        assert f"http://127.0.0.1:8000{FORGOTTEN}" in message.body
        assert person.name not in message.body

    def test_that_is_refused_is_told_to_nobody(self, signed_in):
        self.change(signed_in, new="short")
        assert queued() == []

    def test_in_the_admin_is_the_same_page(self, client):
        client.force_login(PersonFactory(roles=["administrator"]))
        for address in ("/admin/password_change/", "/admin/password_change/done/"):
            assert client.get(address).url == CHANGE
            assert client.post(address).url == CHANGE
