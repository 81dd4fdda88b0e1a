from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from sharingwell.accounts.models import User

ACCOUNT = "allauth.account"


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes signup: an administrator invites each person."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # Same message for an unknown address: it must not reveal who has an account.
        "email_password_mismatch": "The email address or the password is wrong. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Disables django-allauth's JSON responses."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a failed sign-in, which django-allauth takes back where it succeeds; responds 429 after too many."""
        email = credentials["email"].lower()
        usage = ratelimit.RateLimitUsage(usage=[])
        for action, key in self._limits(request, email):
            more = ratelimit.consume(request, app=ACCOUNT, action=action, key=key)
            if not more:
                raise ImmediateHttpResponse(ratelimit.respond_429(request))
            usage.usage += more.usage
        self._login_failed_rl_usage = usage

    def _limits(self, request: HttpRequest, email: str) -> list[tuple[str, str]]:
        """The limits of ACCOUNT_RATE_LIMITS that count a failed sign-in, each with what it counts by."""
        here = _account_and_address(request, email)
        if cache.get(_known(here)):
            return [("login_failed_where_known", here)]
        return [("login_failed", here), ("login_failed_for_account", email)]

    def clear_failed_sign_ins(self, request: HttpRequest, email: str) -> None:
        """Resets the limits of this account and this address, after a password reset by email."""
        for action, key in self._limits(request, email):
            ratelimit.clear(request, app=ACCOUNT, action=action, key=key)

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """Remembers that this account signed in from this address, as a digest."""
        known = _known(_account_and_address(request, user.email))
        cache.set(known, True, settings.ADDRESS_REMEMBERED)
        response: HttpResponse = super().post_login(request, user, **given)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")


def _account_and_address(request: HttpRequest, email: str) -> str:
    return f"{email} {ratelimit.get_ip(request)}"


def _known(account_and_address: str) -> str:
    digest = salted_hmac("sharingwell.accounts.known", account_and_address, algorithm="sha256")
    return f"signed-in-before:{digest.hexdigest()}"
