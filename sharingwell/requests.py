"""Requests, and the views that they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest

from sharingwell.accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])


class AuthenticatedRequest(HttpRequest):
    """Type of a request that has passed `SignInRequiredMiddleware`."""

    user: User


def sign_in_optional(view: View) -> View:
    """Mark a view that visitors may use too, and that works for the organisation of whoever is signed in."""
    view.sign_in_optional = True  # type: ignore[attr-defined]
    return login_not_required(view)


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view shows everybody the same, so that it needs neither a person nor an organisation."""
    return not getattr(view, "login_required", True) and not getattr(view, "sign_in_optional", False)
