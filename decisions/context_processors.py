from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from decisions.tasks.inbox import count_inbox


def inbox(request: HttpRequest) -> dict[str, Any]:
    """The inbox count of the user, computed only if a template uses it."""
    return {"inbox_count": SimpleLazyObject(lambda: count_inbox(request.user))}
