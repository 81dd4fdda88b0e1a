"""Sets the organisation of a request."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sharingwell.requests import is_public
from sharingwell.tenancy.current import set_organisation, use_organisation


class OrganisationMiddleware:
    """Works for the organisation of the signed-in person; for none on public pages.

    Public pages show nothing of an organisation, so they do not load the person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with use_organisation(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], *args: Any) -> None:
        if not is_public(view_func) and request.user.is_authenticated:
            set_organisation(request.user.organisation)
