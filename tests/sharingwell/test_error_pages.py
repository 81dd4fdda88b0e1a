"""Error pages in the product's layout, with what to do next."""

import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connections
from django.test import Client, RequestFactory
from django.urls import include, path
from django.views import defaults

from guidance.content.schema import MAX_LENGTH
from guidance.models import GuideVersion
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import heading_of, page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

SECRET = "evicted on Thursday"


def raising(error):
    def view(request):
        raise error

    view.login_required = False
    return view


handler500 = "sharingwell.views.server_error"
urlpatterns = [
    path("bad/", raising(SuspiciousOperation("odd"))),
    path("denied/", raising(PermissionDenied())),
    path("denied-why/", raising(PermissionDenied("Only the <b>writer</b> may."))),
    path("broken/", raising(ZeroDivisionError())),
    path("", include("sharingwell.urls")),
]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def in_our_clothes(response):
    shown = page(response, response.status_code)
    return (
        shown.title.string.endswith(" – Sharing well")
        and shown.html["lang"] == "en-GB"
        and shown.select_one(".govuk-skip-link")
        and shown.select_one("header a[href='/']")
        and shown.select_one("main a[href='/guide/'], main a[href='/']")
    )


class TestEachError:
    @pytest.mark.parametrize("signed_in", [True, False])
    @pytest.mark.parametrize(
        ("address", "status", "heading", "advice"),
        [
            ("/bad/", 400, "This request could not be understood", "Go back and try again."),
            ("/denied/", 403, "You cannot do this", "ask your administrator"),
            ("/no/such/page/", 404, "This page cannot be found", "Check the address."),
            ("/broken/", 500, "Something went wrong", "act, and record it afterwards"),
        ],
    )
    def test_says_what_to_do_next(self, client, address, status, heading, advice, signed_in):
        if signed_in:
            client.force_login(PersonFactory())
        response = client.get(address)
        assert heading_of(response, status) == heading
        assert advice in text_of(response, status)
        assert in_our_clothes(response)

    def test_refusal_gives_its_reason_as_text(self, client):
        assert "Only the <b>writer</b> may." in text_of(client.get("/denied-why/"), 403)

    def test_decision_of_somebody_else_is_missing_and_says_whom_to_ask(self, client):
        decision = DecisionFactory()
        client.force_login(PersonFactory(team=decision.team))
        response = client.get(f"/decisions/{decision.reference}/")
        assert "ask them to open it" in text_of(response, 404)
        assert in_our_clothes(response)

    def test_missing_page_does_not_repeat_the_address(self, client):
        assert "such-a-page" not in text_of(client.get("/such-a-page/"), 404)

    def test_knows_who_is_asking(self, client):
        client.force_login(PersonFactory())
        for address, status in [("/denied/", 403), ("/no/such/page/", 404)]:
            assert "Sign out" in page(client.get(address), status).header.get_text()

    def test_too_many_tries(self, rf):
        from allauth.core.ratelimit import respond_429

        response = respond_429(rf.get("/"))
        assert heading_of(response, 429) == "Too many tries"
        assert in_our_clothes(response)


class TestWhenNothingElseWorks:
    def test_error_page_needs_no_request(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = defaults.server_error(RequestFactory().get("/"))
        assert response.status_code == 500
        assert in_our_clothes(response)

    def test_bad_request_page_needs_no_request(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = defaults.bad_request(RequestFactory().get("/"), SuspiciousOperation())
        assert response.status_code == 400
        assert in_our_clothes(response)

    @pytest.mark.parametrize(
        ("address", "signed_in"),
        [
            ("/", False),
            ("/guide/", False),
            ("/", True),
            ("/guide/", True),
            ("/decisions/", True),
            ("/no/such/page/", True),
        ],
    )
    def test_error_page_needs_no_database(self, client, monkeypatch, address, signed_in):
        if signed_in:
            client.force_login(PersonFactory())

        def down(*args, **kwargs):
            raise OperationalError("connection refused")

        monkeypatch.setattr(connections["default"], "cursor", down)
        response = client.get(address)
        assert heading_of(response, 503) == "This service is not available at the moment"
        assert "act, and record it afterwards" in text_of(response, 503)
        assert response["Retry-After"] == "10"
        assert in_our_clothes(response)


class TestRequestsThatCannotBeRead:
    def test_unknown_host(self, client, settings):
        settings.ALLOWED_HOSTS = ["sharing-well.example"]
        response = client.get("/", headers={"host": "evil.example"})
        assert response.status_code == 400
        assert in_our_clothes(response)
        assert b"evil.example" not in response.content

    def test_too_many_fields(self, client):
        client.force_login(PersonFactory())
        response = client.post("/decisions/new/", {f"field-{number}": "" for number in range(1001)})
        assert response.status_code == 400
        assert in_our_clothes(response)

    def test_too_large(self, client, settings):
        client.force_login(PersonFactory())
        response = client.post(
            "/decisions/new/", {"summary": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
        )
        assert response.status_code == 400
        assert in_our_clothes(response)

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
            (b"x", "multipart/form-data"),
            (b"summary=%FF%FE%ED%A0%80", "application/x-www-form-urlencoded"),
            (b"{", "application/json"),
        ],
    )
    def test_broken_body(self, client, body, content_type):
        client.force_login(PersonFactory())
        load_first_version()
        assert client.post("/decisions/new/", body, content_type=content_type).status_code in {200, 400}

    def test_longest_form_that_may_be_sent_is_taken(self, client):
        load_first_version()
        draft = DraftFactory(decision=DecisionFactory(author=PersonFactory()))
        client.force_login(draft.author)
        texts = GuideVersion.objects.current().questions.filter(part="why", kind="text")
        answers = {question.key: "字" * question.max_length for question in texts}
        assert sum(map(len, answers.values())) > MAX_LENGTH
        response = client.post(f"/decisions/{draft.decision.reference}/rounds/1/why/", answers)
        assert response.status_code == 302
        draft.refresh_from_db()
        assert draft.answers == answers


class TestWhatIsLogged:
    """Logs hold paths and messages, and never a body, a query, a person or an answer."""

    @pytest.fixture
    def logged(self, caplog):
        caplog.set_level(logging.DEBUG, logger="django")
        caplog.set_level(logging.INFO)
        for name in ("django", "django.request", "django.security"):
            logging.getLogger(name).addHandler(caplog.handler)
        yield caplog
        for name in ("django", "django.request", "django.security"):
            logging.getLogger(name).removeHandler(caplog.handler)

    @pytest.mark.parametrize(
        "address", ["/broken/", "/no/such/page/", "/bad/", "/denied/", "/decisions/new/"]
    )
    def test_of_an_error_is_the_path(self, client, logged, address):
        person = PersonFactory(email="robin@northmoor.example", name="Robin Vale")
        client.force_login(person)
        client.post(
            f"{address}?q=evicted", {"summary": SECRET, "direction": "nonsense"}, headers={"referer": SECRET}
        )
        assert SECRET not in logged.text
        assert "evicted" not in logged.text
        assert person.email not in logged.text
        assert person.name not in logged.text
        if address == "/broken/":
            assert "Internal Server Error: /broken/" in logged.text

    def test_of_a_failed_sign_in_is_no_email_or_password(self, client, logged):
        for _ in range(6):
            client.post("/accounts/login/", {"login": "robin@northmoor.example", "password": SECRET})
        assert "Too Many Requests: /accounts/login/" in logged.text
        assert "robin" not in logged.text
        assert SECRET not in logged.text

    def test_of_a_stale_token_is_no_answer(self, logged):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(PersonFactory())
        browser.post("/decisions/new/", {"summary": SECRET}, headers={"origin": "http://testserver"})
        assert "/decisions/new/" in logged.text
        assert SECRET not in logged.text

    def test_is_sent_to_nobody_by_email(self, client, mailoutbox):
        client.get("/broken/")
        assert not mailoutbox
