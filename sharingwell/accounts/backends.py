"""Who is signed in is looked up on every page."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from sharingwell.accounts.models import User
from sharingwell.prepared import Parameter, Prepared

_person = Prepared[User]("accounts_user_by_key", lambda: User.objects.filter(pk=Parameter("key")))


class PreparedBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        person = _person.first(key=user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
