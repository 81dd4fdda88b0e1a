from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY as AUTH_SESSION_KEY
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject

from sharingwell.unavailable import render_unavailable, unavailable_by
from sharingwell.unsaved_input import posted_fields, render_unsaved_input_until_sign_in

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

SIGNED_IN_AT = "signed_in_at"  # in the session: seconds since 1970, of the first page after sign-in


class SessionEndMiddleware(AuthenticationMiddleware):
    """Ends sessions SESSION_ABSOLUTE_AGE after sign-in, and those of people who were deactivated."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user_of_session(request))  # type: ignore[assignment]


def _user_of_session(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if user.is_authenticated:
        now = int(time.time())
        if now - request.session.setdefault(SIGNED_IN_AT, now) < settings.SESSION_ABSOLUTE_AGE:
            return user
    elif AUTH_SESSION_KEY not in request.session:
        return user
    request.session.flush()
    return AnonymousUser()


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Requires sign-in on every view without `login_not_required`; input posted while signed out is shown again."""

    def handle_no_permission(  # type: ignore[override]  # a redirect, or a page with the input
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if not request.accepts("text/html"):
            return HttpResponse(status=401)  # the script on the page shows its own message
        if request.method == "POST" and posted_fields(request):
            return render_unsaved_input_until_sign_in(request)
        return super().handle_no_permission(request, view_func)


class NoStoreMiddleware:
    """Forbids caching of every response to a request with a session cookie.

    Tests for the cookie alone: `request.user` would query the database, which may be down.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            add_never_cache_headers(response)
        return response


class PermissionsPolicyMiddleware:
    """Denies pages the features of the browser that the product does not use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = ", ".join(f"{name}={allowed}" for name, allowed in settings.PERMISSIONS_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = self.policy
        return response


class UnavailableMiddleware:
    """Answers for a view that the database did not serve in time. `views.server_error` does for everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        why = unavailable_by(exception)
        return render_unavailable(request, why) if why else None
