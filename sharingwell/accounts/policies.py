"""Makes the predicate `can_x` from the check `check_can_x`, so that each rule is written once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.core.exceptions import PermissionDenied

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
