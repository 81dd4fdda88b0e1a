"""What a request is answered that the database did not serve in time: 503, when to try again, and the words it sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg import errors

from sharingwell.unsaved_input import posted_fields, render_unsaved_input

AT_RISK = "If someone is at risk, do not wait for this website: act, and record it afterwards."


@dataclass(frozen=True)
class Unavailable:
    title: str
    why: str
    retry_after: int  # seconds


BUSY = Unavailable(
    "Somebody else is saving this",
    "What they are saving did not end in time, so nothing was saved or shown for you.",
    retry_after=5,
)
SLOW = Unavailable(
    "This took too long", "It was stopped, so that others need not wait. Nothing was saved.", retry_after=10
)
CROWDED = Unavailable(
    "Too many people are waiting", "This could not be done now. Nothing was saved.", retry_after=5
)
AWAY = Unavailable(
    "This service is not available at the moment",
    "The database cannot be reached. Nothing was saved now; what you had saved is safe.",
    retry_after=10,
)
WHY_OF = {
    errors.LockNotAvailable: BUSY,
    errors.DeadlockDetected: BUSY,
    errors.SerializationFailure: BUSY,
    errors.QueryCanceled: SLOW,
    errors.IdleInTransactionSessionTimeout: SLOW,
}


def unavailable_by(error: BaseException | None) -> Unavailable | None:
    """Why the database did not serve; None for an error of another kind."""
    if not isinstance(error, Error):
        return None
    for kind, why in WHY_OF.items():
        if isinstance(error.__cause__, kind):
            return why
    return AWAY if isinstance(error, (OperationalError, InterfaceError)) else None


def render_unavailable(request: HttpRequest, why: Unavailable) -> HttpResponse:
    """Render without the database; a script is sent the status alone."""
    if request.accepts("text/html"):
        kept = bool(posted_fields(request))
        then = (
            "Nothing is lost: what you sent is kept here. Wait a few seconds, then send it again."
            if kept
            else "Wait a few seconds, then try again."
        )
        response = render_unsaved_input(
            request,
            title=why.title,
            explanation=f"{why.why} {then}",
            warning=AT_RISK,
            can_send_again=kept,
            status=503,
            needs_no_database=True,
        )
    else:
        response = HttpResponse(status=503)
    response["Retry-After"] = str(why.retry_after)
    return response
