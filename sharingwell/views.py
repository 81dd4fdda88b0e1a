from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from guidance.reading import current_version, rendered
from sharingwell.kept_words import keep_words, words_sent


@login_not_required
def show_home(request: HttpRequest) -> HttpResponse:
    version = current_version()
    remember = rendered(version).citable.get("section:remember") if version else None
    return render(request, "home.html", {"remember": remember})


@login_not_required
def answer_health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the service: 200 when it can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or another tab signed in: the words survive and can be sent again."""
    return keep_words(
        request,
        title="This page was open for too long",
        explanation="For safety it could not be saved as it was."
        + (" Nothing is lost: your words are below. Send them again." if words_sent(request) else ""),
        can_send_again=bool(words_sent(request)),
        status=403,
    )
