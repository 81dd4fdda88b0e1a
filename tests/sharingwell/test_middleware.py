import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import include, path

from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def new_page(request):
    return HttpResponse("only for us")


urlpatterns = [
    path("new/", new_page),
    path("opened/", login_not_required(lambda request: HttpResponse("for everyone"))),
    path("", include("sharingwell.urls")),
]


def test_new_page_is_closed_until_someone_opens_it(client):
    assert client.get("/new/").url == "/accounts/login/?next=/new/"
    assert client.get("/opened/").content == b"for everyone"
    client.force_login(PersonFactory())
    assert client.get("/new/").content == b"only for us"


def test_what_was_asked_for_comes_back_after_sign_in_with_its_query(client):
    assert client.get("/new/?before=SW-2345").url == "/accounts/login/?next=/new/%3Fbefore%3DSW-2345"


def test_page_shown_to_someone_signed_in_is_kept_by_no_cache(client):
    client.force_login(PersonFactory())
    assert "no-store" in client.get("/new/")["Cache-Control"]


def test_page_that_nobody_signed_in_sees_may_be_kept(client):
    assert "Cache-Control" not in client.get("/opened/")


def test_keeping_pages_private_needs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/opened/")


def test_visit_without_sign_in_leaves_no_session(client):
    client.get("/opened/")
    client.get("/new/")
    assert not Session.objects.exists()
