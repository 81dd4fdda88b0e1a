"""Rules of accounts, and what makes the predicate `can_x` from the check `check_can_x`: each rule is written once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.core.exceptions import PermissionDenied

from sharingwell.accounts.models import ROLES_OF_THE_PRODUCT, Appointment, Role, User

P = ParamSpec("P")


class Refusal(Exception):
    """Raised by a check for a reason other than a missing permission."""


def predicate(check: Callable[P, None]) -> Callable[P, bool]:
    """Returns False where the check raises PermissionDenied or a Refusal; other errors propagate."""

    @wraps(check)
    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except (PermissionDenied, Refusal):
            return False
        return True

    can.__name__ = can.__qualname__ = check.__name__.removeprefix("check_")
    return can


def check_can_change_role(user: User, role: Role | str) -> None:
    """Roles that reach every organisation are for product administrators to give and to take."""
    if role in ROLES_OF_THE_PRODUCT and not user.is_superuser:
        raise PermissionDenied


can_change_role = predicate(check_can_change_role)


def check_can_change_address(user: User, person: User) -> None:
    """Whoever reads the mail of an address has the account, and its roles."""
    if person.is_superuser and not user.is_superuser:
        raise PermissionDenied
    for role in person.roles:
        check_can_change_role(user, role)


can_change_address = predicate(check_can_change_address)


def check_can_answer_appointment(user: User, appointment: Appointment) -> None:
    if not Appointment.objects.answerable_by(user).filter(pk=appointment.pk).exists():
        raise PermissionDenied


can_answer_appointment = predicate(check_can_answer_appointment)
