"""Renders posted text that could not be saved, so that nobody has to type it again."""

from __future__ import annotations

import re

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

OPTION_KEY = re.compile(r"[a-z0-9_-]*")
NUL, NUL_REPLACEMENT = "\0", "\N{REPLACEMENT CHARACTER}"


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
    """Renders the fields posted to this address; with `can_send_again`, adds a button that posts them again.

    Fields whose names begin with an underscore describe the page: they are posted again and not shown. The form posts
    to `send_to` where given. `next_url` opens in a new tab.

    The response is never cached: the session may have ended. With `needs_no_database` it is the
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
        "texts": [
            value for name, value in fields if not name.startswith("_") and not OPTION_KEY.fullmatch(value)
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
    """Renders the input of somebody whose session has ended, or who has not signed in."""
    return render_unsaved_input(
        request,
        title="You are not signed in, so this was not saved",
        explanation="Nothing is lost: what you sent is kept on this page. Sign in in another tab, then come back "
        "here and go on with your words.",
        next_url=f"{reverse('account_login')}?{REDIRECT_FIELD_NAME}={reverse('signed_in')}",
        next_text="Sign in (opens in a new tab)",
        can_send_again=True,
        send_text="Go on with these words",
        status=403,
    )


def posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of each posted field, in order, if the request comes from the same origin.

    Returns nothing for cross-site requests, so that nobody sends a stranger's text as their own, and nothing for forms
    with a password. Replaces NUL, which browsers cannot post again, with a visible character.
    """
    if not _is_same_origin(request) or any("password" in name for name in request.POST):
        return []
    return [
        (name.replace(NUL, NUL_REPLACEMENT), value.replace(NUL, NUL_REPLACEMENT))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


def _is_same_origin(request: HttpRequest) -> bool:
    """Whether at least one of Origin, Sec-Fetch-Site and Referer names this site, and none of the first two another.

    Scripts cannot set these headers.
    """
    own_origin = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    referer = request.headers.get("Referer")
    if origin not in {None, own_origin} or site in {"cross-site", "same-site"}:
        return False
    return (
        origin == own_origin
        or site == "same-origin"
        or (referer is not None and referer.startswith(f"{own_origin}/"))
    )
