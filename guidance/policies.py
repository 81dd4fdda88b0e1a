"""Permissions on versions of the guide. Published versions are public."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from sharingwell.accounts.models import Role
from sharingwell.accounts.policies import predicate


def check_can_edit(user: Any) -> None:
    """Write drafts and publish them. Raises PermissionDenied."""
    if not (_is_signed_in(user) and (user.is_superuser or user.has_role(Role.GUIDE_EDITOR))):
        raise PermissionDenied("Only guide editors may write and publish the guide.")


can_edit = predicate(check_can_edit)


def check_can_propose(user: Any) -> None:
    """Add an example to the next draft. Raises PermissionDenied."""
    if not (can_edit(user) or (_is_signed_in(user) and user.has_role(Role.IG_MANAGER))):
        raise PermissionDenied("Only IG managers and guide editors may write an example for the guide.")


def can_see_drafts(user: Any) -> bool:
    """Administrators may read drafts."""
    return can_edit(user) or (_is_signed_in(user) and bool(user.has_role(Role.ADMINISTRATOR)))


def _is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)
