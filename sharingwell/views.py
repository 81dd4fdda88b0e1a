import sys
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from guidance.news import render_with_news
from guidance.reading import current_version, rendered
from sharingwell.unavailable import render_unavailable, unavailable_by
from sharingwell.unsaved_input import posted_fields, render_unsaved_input, render_unsaved_input_until_sign_in


@login_not_required
@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    version = current_version()
    remember = rendered(version).citable.get("section:remember") if version else None
    return render_with_news(request, "home.html", {"remember": remember}, current=version)


@login_not_required
@require_safe
@never_cache
def check_health(request: HttpRequest) -> HttpResponse:
    """Health check for monitoring: 200 when the database can be reached, 503 when it cannot."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def show_signed_in(request: HttpRequest) -> HttpResponse:
    """Page shown after signing in from a new tab, beside a page with unsaved input."""
    return render(request, "signed_in.html")


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Renders the unsaved input after a failed CSRF check, so that it can be sent again.

    The page was open too long, or another tab signed in.
    """
    if not request.accepts("text/html"):  # the script on the page shows its own message
        return HttpResponse(status=403 if request.user.is_authenticated else 401)
    has_input = bool(posted_fields(request))
    if has_input and request.user.is_authenticated and request.resolver_match:
        match = request.resolver_match
        view: Any = getattr(match.func, "view_class", None)
        if getattr(view, "can_restore_input", False):
            response: HttpResponse = view.as_view(is_restoring_input=True)(
                request, *match.args, **match.kwargs
            )
            return response
    if has_input and not request.user.is_authenticated and _asks_for_sign_in(request):
        return render_unsaved_input_until_sign_in(request)
    return render_unsaved_input(
        request,
        title="This page needs sending again" if has_input else "This page was open for too long",
        explanation="It was open for long, or you signed in since, so for safety it was not saved. "
        "Nothing is lost: what you sent is kept here."
        if has_input
        else "For safety nothing was done. Open the page again, then do it once more.",
        can_send_again=has_input,
        status=403,
    )


def _asks_for_sign_in(request: HttpRequest) -> bool:
    return request.resolver_match is not None and getattr(request.resolver_match.func, "login_required", True)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error."""
    why = unavailable_by(sys.exception())
    return render_unavailable(request, why) if why else defaults.server_error(request)
