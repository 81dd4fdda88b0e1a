from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from decisions.tasks.inbox import count_inbox


def inbox(request: HttpRequest) -> dict[str, Any]:
    """How much waits for whoever is signed in; nothing is counted where no page asks."""
    return {"inbox_count": SimpleLazyObject(lambda: count_inbox(request.user))}
