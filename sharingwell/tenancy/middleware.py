"""For which organisation a request works."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sharingwell.tenancy.current import set_organisation, use_organisation


class OrganisationMiddleware:
    """A request works for the organisation of whoever asks; one that needs no sign-in works for none.

    Public pages are not asked who is signed in: there is nothing of an organisation on them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with use_organisation(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], *args: Any) -> None:
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            set_organisation(request.user.organisation)
