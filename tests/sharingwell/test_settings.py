"""Settings of production; those of tests are in `tests/settings.py`."""

import logging
import os
import runpy
from logging.config import dictConfig
from pathlib import Path
from unittest import mock

import pytest
from django.utils.log import DEFAULT_LOGGING, AdminEmailHandler
from environs import Env, EnvError

SETTINGS = Path(__file__).resolve().parents[2] / "sharingwell" / "settings.py"
PRODUCTION = {
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "ALLOWED_HOSTS": "sharing-well.example",
    "DATABASE_URL": "postgresql://somebody@database.example/sharingwell",
}


def settings_with(**environment):
    with mock.patch.object(Env, "read_env"), mock.patch.dict(os.environ, environment, clear=True):
        return runpy.run_path(str(SETTINGS))


@pytest.fixture(scope="module")
def production():
    return settings_with(**PRODUCTION)


def test_nothing_but_a_secret_key_and_hosts_is_needed_to_be_safe(production):
    assert production["DEBUG"] is False
    assert production["ALLOWED_HOSTS"] == ["sharing-well.example"]
    assert settings_with(SECRET_KEY="x")["ALLOWED_HOSTS"] == []


def test_without_a_secret_key_it_does_not_start():
    with pytest.raises(EnvError, match="SECRET_KEY"):
        settings_with()


def test_cookies_and_pages_travel_by_https_only(production):
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60


def test_cookies_are_bound_to_this_host_and_to_https_by_their_names(production):
    assert production["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert production["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert not {"SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_DOMAIN", "CSRF_COOKIE_PATH"} & {
        *production
    }  # a browser refuses the names with another domain or path


def test_local_work_needs_no_https():
    local = settings_with(**PRODUCTION, SHARINGWELL_LOCAL="true")
    assert local["SESSION_COOKIE_HTTPONLY"]
    assert not local["SESSION_COOKIE_SECURE"]
    assert (local["SESSION_COOKIE_NAME"], local["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")
    assert not local["SECURE_SSL_REDIRECT"]
    assert not local["DEBUG"]


def test_session_is_idle_for_thirty_minutes_at_most_and_out_of_reach_of_scripts(production):
    assert production["SESSION_COOKIE_AGE"] == 30 * 60
    assert production["SESSION_SAVE_EVERY_REQUEST"]
    assert production["SESSION_COOKIE_HTTPONLY"]
    assert production["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_header_of_a_proxy_is_believed_only_where_there_is_one(production):
    assert production["SECURE_PROXY_SSL_HEADER"] is None
    assert production["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    behind_one = settings_with(**PRODUCTION, TRUSTED_PROXY_COUNT="1")
    assert behind_one["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_rate_limits_are_counted_where_all_processes_see_them(production):
    assert production["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_errors_are_logged_and_sent_to_nobody(production):
    assert not production.get("ADMINS")
    try:
        dictConfig(DEFAULT_LOGGING)
        dictConfig(production["LOGGING"])
        loggers = [
            logging.getLogger(name) for name in ("", "django", "django.request", "django.security", "allauth")
        ]
        handlers = [handler for logger in loggers for handler in logger.handlers]
        assert [type(handler) for handler in handlers if isinstance(handler, AdminEmailHandler)] == []
        assert logging.getLogger("django").handlers
        assert logging.getLogger().handlers
    finally:
        dictConfig(production["LOGGING"])


def test_pages_take_scripts_and_styles_from_here_only(production):
    rules = production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]


@pytest.mark.django_db
def test_headers_say_so(client):
    response = client.get("/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/nowhere/", "/health/"])
def test_a_page_may_use_nothing_of_the_device_but_copying(client, address):
    policy = client.get(address)["Permissions-Policy"].split(", ")
    assert "clipboard-write=(self)" in policy
    assert {"camera=()", "clipboard-read=()", "geolocation=()", "microphone=()", "usb=()"} <= {*policy}
    assert {rule.partition("=")[2] for rule in policy if not rule.startswith("clipboard-write=")} == {"()"}


def test_health_is_answered_without_https_and_nothing_else_is(client, settings, db):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == 200
    assert client.get("/").url == "https://testserver/"


def test_counts_of_rate_limits_are_not_thrown_away(production):
    assert production["CACHES"]["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000
