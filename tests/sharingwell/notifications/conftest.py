from __future__ import annotations

from collections.abc import Callable

import pytest

from sharingwell.accounts.models import User
from sharingwell.notifications.actions import notify
from sharingwell.notifications.models import Kind, Notification
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.fixture
def person(db: None) -> User:
    return PersonFactory()


@pytest.fixture
def tell(person: User) -> Callable[..., Notification | None]:
    """`tell()` notifies the person that advice is asked."""

    def tell(**changes: object) -> Notification | None:
        about = {"to": person, "kind": Kind.ADVICE_ASKED, "reference": "SW-2345-6789", "path": "/advice/12/"}
        return notify(**{**about, "event_key": "advice-12-asked", **changes})  # type: ignore[arg-type]

    return tell
