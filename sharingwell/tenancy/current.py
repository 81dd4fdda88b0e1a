"""For which organisation the product works: PostgreSQL shows it the decisions of that one, and of no other.

A request works for the organisation of whoever asks (`sharingwell.middleware`). Whatever else reads or writes
decisions says for which with `use_organisation`. Where nothing is said there are no decisions. The database backend
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


EVERY_ORGANISATION = (
    _Every.ORGANISATION
)  # heeded for the owner of the tables alone: see `sharingwell.tenancy.owner`
CurrentOrganisation = int | Literal[_Every.ORGANISATION] | None

_current: ContextVar[CurrentOrganisation] = ContextVar("organisation", default=None)


def current_organisation() -> CurrentOrganisation:
    """The key of an organisation, EVERY_ORGANISATION, or None."""
    return _current.get()


@contextmanager
def use_organisation(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> Iterator[None]:
    """Work for this organisation, or for none, in what follows; afterwards for whichever it was before."""
    before = _current.get()
    set_organisation(organisation)
    try:
        yield
    finally:
        _current.set(before)


def set_organisation(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> None:
    """From here to the end of the `use_organisation` that this is within. The request's middleware alone needs it."""
    _current.set(
        organisation if organisation is None or isinstance(organisation, _Every) else organisation.pk
    )
