"""Unsaved input is on the page, and “Send again” saves it. CSRF checks are on."""

from urllib.parse import urlencode

import pytest
from django.core import mail
from django.http import QueryDict
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client

from decisions.models import Decision
from sharingwell.accounts.models import User
from sharingwell.middleware import SIGNED_IN_AT
from tests.databases import module_rows
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory
from tests.sharingwell.notifications.queue import send_all
from tests.sharingwell.reading import (
    content_of,
    fields_of_the_form,
    fields_to_send_again,
    heading_of,
    page,
    text_of,
)

OURS = {"origin": "http://testserver"}
WORDS = (
    "\r\n\r\n  Two empty lines come first, then <script>alert('x')</script> & “quotes”.\r\n\tAnd a tab, at length. "
    * 15
)
ANSWERS = [
    ("csrfmiddlewaretoken", "stale"),
    ("what.request", WORDS),
    ("what.sure", "yes"),
    ("what.context", ""),
    ("what.kinds", "health"),
    ("what.kinds", "money"),
    ("to_overview", ""),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _guide(django_db_setup, django_db_blocker):
    """The first version, created once for the module."""
    with module_rows(django_db_blocker, load_first_version):
        yield


@pytest.fixture
def draft():
    return DraftFactory(decision=DecisionFactory(author=PersonFactory(email="robin@northmoor.example")))


@pytest.fixture
def part(draft):
    return f"/decisions/{draft.decision.reference}/rounds/1/what/"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def about():
    """Page without a form that could hold the input."""
    return "/accounts/password/reset/"


def sign_in(visitor, email="robin@northmoor.example"):
    """Signs in with a client that has a CSRF token."""
    visitor.force_login(User.objects.get(email=email))
    visitor.cookies["csrftoken"] = "t" * CSRF_SECRET_LENGTH


def sign_in_in_the_form(visitor, email="robin@northmoor.example"):
    """Signs in by the form, which rotates the CSRF token."""
    form = page(visitor.get("/accounts/login/")).select_one("main form")
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    fields = {"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD}
    assert visitor.post("/accounts/login/", fields).status_code == 302


def send(visitor, address, fields, headers=OURS):
    return visitor.post(
        address, urlencode(fields), content_type="application/x-www-form-urlencoded", headers=headers
    )


class TestStaleToken:
    @pytest.fixture
    def answer(self, visitor, draft, about):
        sign_in(visitor)
        return send(visitor, about, ANSWERS)

    def test_says_what_happened_and_shows_the_words(self, answer):
        assert "Nothing is lost" in text_of(answer, 403)
        assert [words.string.split() for words in page(answer, 403).select("main blockquote")] == [
            WORDS.split()
        ]

    def test_sends_every_field_again_as_it_was(self, answer):
        token, *fields = fields_to_send_again(answer, 403)
        assert token[0] == "csrfmiddlewaretoken"
        assert token[1] != "stale"
        assert fields == ANSWERS[1:]

    def test_does_its_work_when_sent_again_and_not_before(self, visitor, draft, about):
        sign_in(visitor)
        answer = send(visitor, about, [("email", "robin@northmoor.example")])
        assert not mail.outbox
        assert send(visitor, about, fields_to_send_again(answer, 403)).status_code == 302
        send_all()
        assert len(mail.outbox) == 1

    def test_shows_script_as_text(self, answer):
        assert b"<script>alert" not in answer.content
        assert "<script>alert('x')</script>" in text_of(answer, 403)

    def test_is_kept_by_no_cache(self, answer):
        assert "no-store" in answer["Cache-Control"]

    def test_keeps_choices_without_showing_their_keys(self, visitor, draft, about):
        sign_in(visitor)
        answer = send(visitor, about, [("what.sure", "not-yet"), ("what.kinds", "dont-know")])
        assert not page(answer, 403).select("main blockquote")
        assert "dont-know" not in text_of(answer, 403)
        assert ("what.kinds", "dont-know") in fields_to_send_again(answer, 403)

    @pytest.mark.parametrize("words", ["Eviction", "14:30", "它们都是文字", "O’Neill", "two words"])
    def test_shows_answers_of_a_single_word(self, visitor, draft, about, words):
        sign_in(visitor)
        answer = send(visitor, about, [("what.request", words)])
        assert page(answer, 403).select_one("main blockquote").string == words

    def test_button_alone_is_not_sent_again(self, visitor, part):
        sign_in(visitor)
        answer = send(visitor, part.replace("what", "check"), [("csrfmiddlewaretoken", "stale")])
        assert page(answer, 403).select_one("main a")["href"] == part.replace("what", "check")
        assert not page(answer, 403).select("main form")

    def test_nul_does_no_harm(self, visitor, draft, about):
        sign_in(visitor)
        answer = send(visitor, about, [("summary", "before\0after that"), ("na\0me", "\0")])
        assert answer.status_code == 403
        assert b"\0" not in answer.content
        assert ("summary", "before\N{REPLACEMENT CHARACTER}after that") in fields_to_send_again(answer, 403)

    def test_what_the_page_says_of_itself_goes_along_without_being_shown(self, visitor, draft, about):
        sign_in(visitor)
        answer = send(visitor, about, [("_page", "Zx9-Q7a"), ("summary", "some words")])
        assert "Zx9-Q7a" not in text_of(answer, 403)
        assert ("_page", "Zx9-Q7a") in fields_to_send_again(answer, 403)

    def test_field_names_are_escaped(self, visitor, draft, about):
        sign_in(visitor)
        answer = send(visitor, about, [('"><script>x', "some words")])
        assert b"<script>x" not in answer.content
        assert ('"><script>x', "some words") in fields_to_send_again(answer, 403)


class TestInputBackInItsForm:
    """Pages that support it render the input in its form, and save nothing."""

    @pytest.fixture
    def answer(self, visitor, draft, part):
        sign_in(visitor)
        return send(visitor, part, ANSWERS)

    def test_shows_them_in_the_form_and_says_so(self, answer):
        assert "Your words are back, and not saved yet." in text_of(answer, 403)
        assert page(answer, 403).find(id="id_what.request").get_text().split() == WORDS.split()
        assert [box["value"] for box in page(answer, 403).select("input[checked]")] == [
            "health",
            "money",
            "yes",
        ]

    def test_saves_nothing_until_the_button_is_pressed(self, visitor, draft, part, answer):
        draft.refresh_from_db()
        assert draft.answers == {}
        assert send(visitor, part, fields_of_the_form(answer, 403)).status_code == 302
        draft.refresh_from_db()
        assert draft.answers["what.request"].split() == WORDS.split()
        assert draft.answers["what.sure"] == "yes"
        assert draft.answers["what.kinds"] == ["health", "money"]

    def test_is_kept_by_no_cache(self, answer):
        assert "no-store" in answer["Cache-Control"]

    def test_shows_script_as_text(self, answer):
        assert "&lt;script&gt;alert" in content_of(answer, 403)
        assert "<script>alert" not in content_of(answer, 403)

    def test_somebody_else_who_signed_in_finds_no_draft_but_the_words(self, visitor, draft, part):
        PersonFactory(email="sam@northmoor.example")
        sign_in(visitor, "sam@northmoor.example")
        answer = send(visitor, part, [("what.request", "Words of Robin")])
        assert draft.decision.summary not in text_of(answer, 404)
        assert "Words of Robin" in text_of(answer, 404)

    @pytest.mark.parametrize("where", ["new", "urgent", "description"])
    def test_whatever_else_is_written_of_a_decision_comes_back(self, visitor, draft, where):
        sign_in(visitor)
        place = f"{draft.decision.reference}/{where}" if where == "description" else where
        field = "what" if where == "urgent" else "summary"
        answer = send(visitor, f"/decisions/{place}/", [("direction", "told"), (field, "“Better”, <words>")])
        assert "Your words are back, and not saved yet." in text_of(answer, 403)
        assert ("direction", "told") in fields_of_the_form(answer, 403)
        assert (field, "“Better”, <words>") in fields_of_the_form(answer, 403)
        assert Decision.objects.get().summary == draft.decision.summary

    def test_thoughts_and_what_changed_come_back_too(self, visitor, draft, part):
        sign_in(visitor)
        draft.answers = {"what.urgency": "now"}
        draft.save()
        for where, name in [("check", "thought.serious-harm-now"), ("changed", "changed")]:
            answer = send(visitor, part.replace("what", where), [(name, "I rang the ward.")])
            assert page(answer, 403).find("textarea", {"name": name}).get_text().strip() == "I rang the ward."
        draft.refresh_from_db()
        assert (draft.thoughts, draft.changed, draft.is_recorded) == ({}, "", False)


class TestAnotherSite:
    """Input from another site is neither shown nor offered to send."""

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://testserver.evil.example"},
            {"origin": "https://testserver"},
            {"origin": "http://testserver:8001"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "cross-site", "referer": "http://testserver/decisions/"},
            {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
            {"origin": "https://evil.example", "referer": "http://testserver/"},
            {"referer": "http://testserver.evil.example/"},
        ],
    )
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_puts_no_words_on_the_page(self, visitor, draft, part, headers, signed_in):
        if signed_in:
            sign_in(visitor)
        answer = send(visitor, part, [("what.request", "Words of a stranger")], headers)
        assert answer.status_code in {302, 403}
        assert b"Words of a stranger" not in answer.content
        if signed_in:
            assert not page(answer, 403).select("main form")
            assert page(answer, 403).select_one("main a")["href"] == part

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://testserver"},
            {"referer": "http://testserver/decisions/"},
            {"sec-fetch-site": "same-origin"},
            {"origin": "http://testserver", "sec-fetch-site": "same-origin", "referer": "http://testserver/"},
        ],
    )
    def test_is_told_from_ours(self, visitor, draft, part, headers):
        sign_in(visitor)
        answer = send(visitor, part, [("what.request", "My own words")], headers)
        assert "My own words" in text_of(answer, 403)


class TestPasswords:
    @pytest.mark.parametrize(
        ("address", "fields"),
        [
            ("/accounts/login/", {"login": "robin@northmoor.example", "password": "a whole secret"}),
            (
                "/accounts/password/change/",
                {"oldpassword": "a whole secret", "password1": "x y", "password2": "x y"},
            ),
            ("/admin/login/", {"username": "robin@northmoor.example", "password": "a whole secret"}),
        ],
    )
    @pytest.mark.parametrize("signed_in", [True, False])
    def test_are_never_shown_nor_anything_sent_with_them(self, visitor, draft, address, fields, signed_in):
        if signed_in:
            sign_in(visitor)
        answer = send(visitor, address, list(fields.items()))
        assert b"a whole secret" not in answer.content
        if answer.status_code == 403:
            assert not page(answer, 403).select("main form, main blockquote")
            assert page(answer, 403).select_one("main a")["href"] == address


class TestSignedOut:
    """The session ended while the person was writing."""

    @pytest.fixture
    def token(self, visitor, draft, part):
        sign_in(visitor)
        token = page(visitor.get(part)).select_one("main form [name=csrfmiddlewaretoken]")["value"]
        visitor.cookies.pop("sessionid")
        return token

    @pytest.fixture
    def answer(self, visitor, part, token):
        return send(visitor, part, [("csrfmiddlewaretoken", token), *ANSWERS[1:]])

    def test_shows_the_words_and_where_to_sign_in(self, answer):
        assert heading_of(answer, 403) == "You are not signed in, so this was not saved"
        assert WORDS.split() == page(answer, 403).select_one("main blockquote").string.split()
        link = page(answer, 403).select_one("main a")
        assert (link["href"], link["target"]) == ("/accounts/login/?next=/accounts/signed-in/", "_blank")

    def test_twelve_hours_after_sign_in_shows_the_words_as_well(self, visitor, draft, part):
        sign_in(visitor)
        token = page(visitor.get(part)).select_one("main form [name=csrfmiddlewaretoken]")["value"]
        session = visitor.session
        session[SIGNED_IN_AT] -= 12 * 60 * 60
        session.save()
        answer = send(visitor, part, [("csrfmiddlewaretoken", token), *ANSWERS[1:]])
        assert heading_of(answer, 403) == "You are not signed in, so this was not saved"
        assert WORDS.split() == page(answer, 403).select_one("main blockquote").string.split()

    def test_is_kept_by_no_cache(self, answer):
        assert "no-store" in answer["Cache-Control"]

    def test_saves_once_signed_in_again(self, visitor, draft, part, answer):
        sign_in_in_the_form(visitor)
        # Signing in gave the browser a new token, so without scripts the words are first put back in their form.
        back = send(visitor, part, fields_to_send_again(answer, 403))
        assert "Your words are back, and not saved yet." in text_of(back, 403)
        assert send(visitor, part, fields_of_the_form(back, 403)).status_code == 302
        draft.refresh_from_db()
        assert draft.answers["what.request"].split() == WORDS.split()

    def test_whoever_signed_in_beside_is_told_to_go_back(self, visitor, answer):
        sign_in_in_the_form(visitor)
        assert "Go back to the tab you were writing in" in text_of(visitor.get("/accounts/signed-in/"))

    def test_script_that_saves_is_told_without_a_page(self, visitor, part, token):
        headers = {**OURS, "accept": "application/json"}
        answer = send(visitor, part, [("csrfmiddlewaretoken", token), *ANSWERS[1:]], headers)
        assert (answer.status_code, answer.content) == (401, b"")
        answer = send(visitor, part, ANSWERS, headers)
        assert (answer.status_code, answer.content) == (401, b"")

    def test_with_a_stale_token_too_is_told_to_sign_in_first(self, visitor, part, token):
        answer = send(visitor, part, ANSWERS)
        assert heading_of(answer, 403) == "You are not signed in, so this was not saved"
        assert WORDS.split() == page(answer, 403).select_one("main blockquote").string.split()

    def test_new_decision_is_kept_too(self, visitor, token):
        fields = [
            ("csrfmiddlewaretoken", token),
            ("direction", "asked"),
            ("summary", "A ward asks about a placement"),
        ]
        answer = send(visitor, "/decisions/new/", fields)
        assert fields_to_send_again(answer, 403)[1:] == fields[1:]
        assert Decision.objects.count() == 1

    def test_button_alone_leads_to_sign_in_and_back(self, visitor, part, token):
        check = part.replace("what", "check")
        answer = send(visitor, check, [("csrfmiddlewaretoken", token)])
        assert answer.url == f"/accounts/login/?{QueryDict(f'next={check}').urlencode(safe='/')}"

    def test_form_for_everyone_asks_for_no_sign_in(self, visitor, draft):
        answer = send(visitor, "/accounts/password/reset/", [("email", "robin@northmoor.example")])
        assert heading_of(answer, 403) == "This page needs sending again"
        assert (
            send(visitor, "/accounts/password/reset/", fields_to_send_again(answer, 403)).status_code == 302
        )
