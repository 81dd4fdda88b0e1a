"""When words were sent that could not be saved, they are shown again, so that nobody has to write them twice."""

from __future__ import annotations

import re

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

OPTION = re.compile(r"[a-z0-9_-]*")
NUL, SHOWN_FOR_NUL = "\0", "\N{REPLACEMENT CHARACTER}"


def render_unsaved_input(
    request: HttpRequest,
    *,
    title: str,
    explanation: str,
    status: int,
    next_url: str = "",
    next_text: str = "",
    can_send_again: bool = False,
    send_to: str = "",
    send_text: str = "Send again",
    warning: str = "",
    needs_no_database: bool = False,
) -> HttpResponse:
    """A page with what was sent to this address; with `can_send_again`, a button that sends it once more.

    What a page says of itself, in fields whose names begin with an underscore, goes along without being shown.
    It goes to `send_to` where that is somewhere else; a link for signing in opens in a new tab beside it.

    No cache keeps the page, for it may be shown to someone whose session has ended. With `needs_no_database` it is the
    same for everybody: its header does not say who is signed in.
    """
    fields = posted_fields(request)
    context = {
        "title": title,
        "explanation": explanation,
        "warning": warning,
        "next_url": next_url,
        "next_text": next_text,
        "fields": fields,
        "words": [
            value for name, value in fields if not name.startswith("_") and not OPTION.fullmatch(value)
        ],
        "can_send_again": can_send_again,
        "send_to": send_to,
        "send_text": send_text,
        "address": request.get_full_path(),
    }
    if needs_no_database:
        page = render_to_string("unsaved_input.html", {**context, "csrf_token": get_token(request)})
        response = HttpResponse(page, status=status)
    else:
        response = render(request, "unsaved_input.html", context, status=status)
    add_never_cache_headers(response)
    return response


def render_unsaved_input_until_sign_in(request: HttpRequest) -> HttpResponse:
    """The session ended while they wrote."""
    return render_unsaved_input(
        request,
        title="You were signed out before this was saved",
        explanation="Nothing is lost: what you sent is kept on this page. Sign in again in another tab, then come back "
        "here and go on with your words.",
        next_url=f"{reverse('account_login')}?{REDIRECT_FIELD_NAME}={reverse('signed_in')}",
        next_text="Sign in (opens in a new tab)",
        can_send_again=True,
        send_text="Go on with these words",
        status=403,
    )


def posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of each field, in order, that one of our own pages sent: enough to send it all again.

    Nothing of what another site made the browser send, so that nobody is led to send a stranger's words as theirs;
    nothing of a form that asks for a password. Browsers cannot send NUL again: a visible sign stands for it.
    """
    if not _from_our_own_page(request) or any("password" in name for name in request.POST):
        return []
    return [
        (name.replace(NUL, SHOWN_FOR_NUL), value.replace(NUL, SHOWN_FOR_NUL))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def _from_our_own_page(request: HttpRequest) -> bool:
    """Whether the browser says so, and nothing it says speaks against it. Scripts of another site cannot lie here."""
    ours = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    referer = request.headers.get("Referer")
    if origin not in {None, ours} or site in {"cross-site", "same-site"}:
        return False
    return origin == ours or site == "same-origin" or (referer is not None and referer.startswith(f"{ours}/"))
