"""A bound on what one address may ask for. Counted in the database's cache, which all processes share."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest


def is_within_limit(request: HttpRequest, action: str) -> bool:
    """Count this request for its address. Only what is posted counts."""
    limits = settings.ADDRESS_LIMITS
    return ratelimit.consume(request, app="sharingwell", action=action, config=limits) is not None
