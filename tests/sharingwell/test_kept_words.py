"""Words that could not be saved are on the page, and “Send again” saves them. Tokens are checked here as in use."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from decisions.models import Decision
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PASSWORD, PersonFactory
from tests.sharingwell.reading import fields_to_send_again, heading_of, page, text_of

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


@pytest.fixture
def draft():
    load_first_version()
    return DraftFactory(decision=DecisionFactory(author=PersonFactory(email="robin@northmoor.example")))


@pytest.fixture
def part(draft):
    return f"/decisions/{draft.decision.reference}/rounds/1/what/"


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


def sign_in(visitor):
    """As a person does, in the form, which gives the browser a new token."""
    form = page(visitor.get("/accounts/login/")).select_one("main form")
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    fields = {"csrfmiddlewaretoken": token, "login": "robin@northmoor.example", "password": PASSWORD}
    assert visitor.post("/accounts/login/", fields).status_code == 302


def send(visitor, address, fields, headers=OURS):
    return visitor.post(
        address, urlencode(fields), content_type="application/x-www-form-urlencoded", headers=headers
    )


class TestStaleToken:
    @pytest.fixture
    def answer(self, visitor, draft, part):
        sign_in(visitor)
        return send(visitor, part, ANSWERS)

    def test_says_what_happened_and_shows_the_words(self, answer):
        assert answer.status_code == 403
        assert "Nothing is lost" in text_of(answer)
        assert [words.string.split() for words in page(answer).select("main blockquote")] == [WORDS.split()]

    def test_sends_every_field_again_as_it_was(self, answer):
        token, *fields = fields_to_send_again(answer)
        assert token[0] == "csrfmiddlewaretoken"
        assert token[1] != "stale"
        assert fields == ANSWERS[1:]

    def test_saves_when_sent_again(self, visitor, draft, part, answer):
        saved = send(visitor, part, fields_to_send_again(answer))
        assert saved.url == f"/decisions/{draft.decision.reference}/rounds/1/"
        draft.refresh_from_db()
        assert draft.answers["what.request"].split() == WORDS.split()
        assert draft.answers["what.sure"] == "yes"
        assert set(draft.answers["what.kinds"]) == {"health", "money"}

    def test_saves_nothing_by_itself(self, draft, answer):
        draft.refresh_from_db()
        assert draft.answers == {}

    def test_shows_script_as_text(self, answer):
        assert b"<script>alert" not in answer.content
        assert "<script>alert('x')</script>" in text_of(answer)

    def test_is_kept_by_no_cache(self, answer):
        assert "no-store" in answer["Cache-Control"]

    def test_keeps_choices_without_showing_their_keys(self, visitor, draft, part):
        sign_in(visitor)
        answer = send(visitor, part, [("what.sure", "not-yet"), ("what.kinds", "dont-know")])
        assert not page(answer).select("main blockquote")
        assert "dont-know" not in text_of(answer)
        assert ("what.kinds", "dont-know") in fields_to_send_again(answer)

    @pytest.mark.parametrize("words", ["Eviction", "14:30", "它们都是文字", "O’Neill", "two words"])
    def test_shows_answers_of_a_single_word(self, visitor, draft, part, words):
        sign_in(visitor)
        answer = send(visitor, part, [("what.request", words)])
        assert page(answer).select_one("main blockquote").string == words

    def test_button_alone_is_not_sent_again(self, visitor, draft, part):
        sign_in(visitor)
        answer = send(visitor, part.replace("what", "check"), [("csrfmiddlewaretoken", "stale")])
        assert page(answer).select_one("main a")["href"] == part.replace("what", "check")
        assert not page(answer).select("main form")

    def test_nul_does_no_harm(self, visitor, draft, part):
        sign_in(visitor)
        answer = send(visitor, part, [("what.request", "before\0after that"), ("na\0me", "\0")])
        assert answer.status_code == 403
        assert b"\0" not in answer.content
        saved = send(visitor, part, fields_to_send_again(answer))
        assert saved.status_code == 302
        draft.refresh_from_db()
        assert draft.answers == {"what.request": "before\N{REPLACEMENT CHARACTER}after that"}

    def test_field_names_are_escaped(self, visitor, draft, part):
        sign_in(visitor)
        answer = send(visitor, part, [('"><script>x', "some words")])
        assert b"<script>x" not in answer.content
        assert ('"><script>x', "some words") in fields_to_send_again(answer)


class TestAnotherSite:
    """What it made the browser send is not shown, let alone offered for sending."""

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
            assert not page(answer).select("main form")
            assert page(answer).select_one("main a")["href"] == part

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
        assert "My own words" in text_of(answer)


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
            assert not page(answer).select("main form, main blockquote")
            assert page(answer).select_one("main a")["href"] == address


class TestSignedOut:
    """The session ended while they wrote."""

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
        assert answer.status_code == 403
        assert heading_of(answer) == "You were signed out before this was saved"
        assert WORDS.split() == page(answer).select_one("main blockquote").string.split()
        link = page(answer).select_one("main a")
        assert (link["href"], link["target"]) == ("/accounts/login/", "_blank")

    def test_is_kept_by_no_cache(self, answer):
        assert "no-store" in answer["Cache-Control"]

    def test_saves_once_signed_in_again(self, visitor, draft, part, answer):
        sign_in(visitor)
        # Signing in gave the browser a new token, so the words are shown once more, with it.
        once_more = send(visitor, part, fields_to_send_again(answer))
        assert once_more.status_code == 403
        assert "you signed in since" in text_of(once_more)
        assert send(visitor, part, fields_to_send_again(once_more)).status_code == 302
        draft.refresh_from_db()
        assert draft.answers["what.request"].split() == WORDS.split()

    def test_with_a_stale_token_too_is_told_to_sign_in_first(self, visitor, part, token):
        answer = send(visitor, part, ANSWERS)
        assert heading_of(answer) == "You were signed out before this was saved"
        assert WORDS.split() == page(answer).select_one("main blockquote").string.split()

    def test_new_decision_is_kept_too(self, visitor, token):
        fields = [
            ("csrfmiddlewaretoken", token),
            ("direction", "asked"),
            ("summary", "A ward asks about a placement"),
        ]
        answer = send(visitor, "/decisions/new/", fields)
        assert fields_to_send_again(answer)[1:] == fields[1:]
        assert Decision.objects.count() == 1

    def test_button_alone_leads_to_sign_in_and_back(self, visitor, part, token):
        check = part.replace("what", "check")
        answer = send(visitor, check, [("csrfmiddlewaretoken", token)])
        assert answer.url == f"/accounts/login/?{QueryDict(f'next={check}').urlencode(safe='/')}"

    def test_form_for_everyone_asks_for_no_sign_in(self, visitor, draft):
        answer = send(visitor, "/accounts/password/reset/", [("email", "robin@northmoor.example")])
        assert heading_of(answer) == "This page needs sending again"
        assert send(visitor, "/accounts/password/reset/", fields_to_send_again(answer)).status_code == 302
