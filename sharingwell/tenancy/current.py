"""The current organisation, whose rows PostgreSQL shows, and no others.

A request works for the organisation of the signed-in person (`sharingwell.tenancy.middleware`). Other code that reads
or writes decisions calls `use_organisation`. Without an organisation there are no decisions. The database backend
(`sharingwell.database`) says it to PostgreSQL with every statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sharingwell.accounts.models import Organisation


class _Every(Enum):
    ORGANISATION = "every"


EVERY_ORGANISATION = _Every.ORGANISATION  # for the owner of the tables only: see `sharingwell.tenancy.owner`
CurrentOrganisation = int | Literal[_Every.ORGANISATION] | None

_current: ContextVar[CurrentOrganisation] = ContextVar("organisation", default=None)


def current_organisation() -> CurrentOrganisation:
    """Return the key of an organisation, EVERY_ORGANISATION, or None."""
    return _current.get()


@contextmanager
def use_organisation(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> Iterator[None]:
    """Work for this organisation, or for none, inside the block."""
    before = _current.get()
    set_organisation(organisation)
    try:
        yield
    finally:
        _current.set(before)


def set_organisation(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> None:
    """Set the organisation until the end of the enclosing `use_organisation`. Only the middleware needs it."""
    _current.set(
        organisation if organisation is None or isinstance(organisation, _Every) else organisation.pk
    )
