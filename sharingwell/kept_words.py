"""When words were sent that could not be saved, they are shown again, so that nobody has to write them twice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOT_WORDS = frozenset({"csrfmiddlewaretoken", "to_overview"})


def keep_words(
    request: HttpRequest,
    *,
    title: str,
    explanation: str,
    status: int,
    next_url: str = "",
    next_text: str = "",
    can_send_again: bool = False,
) -> HttpResponse:
    """A page with what was sent to this address; with `can_send_again`, a button that sends it once more."""
    return render(
        request,
        "kept_words.html",
        {
            "title": title,
            "explanation": explanation,
            "next_url": next_url,
            "next_text": next_text,
            "words": words_sent(request),
            "can_send_again": can_send_again,
        },
        status=status,
    )


def words_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of each field sent from our own pages; a password is never among them.

    What another site made the browser send is not shown, so that nobody is led to send a stranger's words as theirs.
    """
    if not _from_our_own_page(request):
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_WORDS and "password" not in name
        for value in values
    ]


def _from_our_own_page(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and (
        request.headers.get("Referer", "").startswith(f"{request.scheme}://{request.get_host()}/")
    )
