from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from sharingwell.kept_words import keep_words, words_sent


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view is marked `login_not_required`; words sent without one survive."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.method == "POST" and words_sent(request):
            return keep_words(
                request,
                title="You were signed out before this was saved",
                explanation="Nothing is lost: your words are below. Sign in again in another tab, then come back here "
                "and send them again.",
                next_url=reverse("account_login"),
                next_text="Sign in (opens in a new tab)",
                can_send_again=True,
                status=403,
            )
        response: HttpResponseBase = super().handle_no_permission(request, view_func)
        return response


class PrivatePages:
    """What a signed-in person is shown is kept by no cache, and not by the browser once they have signed out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
