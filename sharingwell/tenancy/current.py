"""For which organisation the product works: PostgreSQL shows it the decisions of that one, and of no other.

A request works for the organisation of whoever asks (`sharingwell.middleware`). Whatever else reads or writes
decisions says for which with `acting_for`. Where nothing is said there are no decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Literal

from django.db import connection

if TYPE_CHECKING:
    from sharingwell.accounts.models import Organisation


class _Every(Enum):
    ORGANISATION = "every"


EVERY_ORGANISATION = (
    _Every.ORGANISATION
)  # heeded for the owner of the tables alone: see `sharingwell.tenancy.owner`
Acting = int | Literal[_Every.ORGANISATION] | None

_acting: ContextVar[Acting] = ContextVar("acting", default=None)


def acting_for_now() -> Acting:
    """The key of an organisation, EVERY_ORGANISATION, or None."""
    return _acting.get()


@contextmanager
def acting_for(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> Iterator[None]:
    """Work for this organisation, or for none, in what follows; afterwards for whichever it was before."""
    before = _acting.get()
    act_for(organisation)
    try:
        yield
    finally:
        _set(before)


def act_for(organisation: Organisation | Literal[_Every.ORGANISATION] | None) -> None:
    """From here to the end of the `acting_for` that this is within. The request's middleware alone needs it."""
    _set(organisation if organisation is None or isinstance(organisation, _Every) else organisation.pk)


def _set(acting: Acting) -> None:
    if acting == _acting.get():
        return
    _acting.set(acting)
    connection.tell_organisation()  # type: ignore[attr-defined]  # of our own backend; says nothing where none is open
