from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from decisions.tasks.inbox import count_waiting


def waiting(request: HttpRequest) -> dict[str, Any]:
    """How much waits for whoever is signed in; nothing is counted where no page asks."""
    return {"waiting_count": SimpleLazyObject(lambda: count_waiting(request.user))}
