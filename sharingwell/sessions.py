"""Sessions in the database, each kept alive by one statement.

Every page that somebody signed in asks for keeps their session alive. Django does so in a transaction of its own: three
statements where one that stands by itself is as safe.
"""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    """What is new is inserted as Django does it; what is there is updated, or UpdateError says that it is gone."""

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        known = self.model.objects.filter(session_key=self.session_key)
        now = self.create_model_instance(self._session)  # type: ignore[attr-defined]  # read, if it was not yet
        if not known.update(session_data=now.session_data, expire_date=now.expire_date):
            raise UpdateError
