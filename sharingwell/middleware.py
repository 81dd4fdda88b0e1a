from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from sharingwell.unsaved_input import posted_fields, render_unsaved_input_until_sign_in


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
