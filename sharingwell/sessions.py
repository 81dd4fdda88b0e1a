"""Sessions in the database, each read by a prepared statement and kept alive by one more.

Every page that somebody signed in asks for keeps their session alive. Django does so in a transaction of its own: three
statements where one that stands by itself is as safe.
"""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from sharingwell.prepared import Parameter, Prepared

ALIVE = Prepared[Session](
    "django_session_alive",
    lambda: Session.objects.filter(
        session_key=Parameter("key", models.TextField()),
        expire_date__gt=Parameter("now", models.DateTimeField()),
    ),
)


class SessionStore(db.SessionStore):
    """What is new is inserted as Django does it; what is there is updated, or UpdateError says that it is gone."""

    def _get_session_from_db(self) -> Session | None:
        found = ALIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        known = self.model.objects.filter(session_key=self.session_key)
        now = self.create_model_instance(self._session)  # type: ignore[attr-defined]  # read, if it was not yet
        if not known.update(session_data=now.session_data, expire_date=now.expire_date):
            raise UpdateError
