"""Tokens of emailed links. Named in settings; django-allauth loads it, so nothing else imports it."""

from __future__ import annotations

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.conf import settings
from django.utils.http import base36_to_int

from sharingwell.accounts.models import User


class InvitationTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """Tokens valid for PASSWORD_RESET_TIMEOUT, until the person has a password."""

    key_salt = "sharingwell.accounts.invitation"


class LinkTokenGenerator(EmailAwarePasswordResetTokenGenerator):
    """Accepts tokens of invitations, and its own for RESET_LINK_TIMEOUT; both until the password changes."""

    invitations = InvitationTokenGenerator()

    def check_token(self, user: User | None, token: str | None) -> bool:
        if self.invitations.check_token(user, token):
            return True
        return (
            bool(super().check_token(user, token)) and self._age(token or "") <= settings.RESET_LINK_TIMEOUT
        )

    def _age(self, token: str) -> int:
        """Seconds since the token was made, as Django's own check counts them."""
        return int(self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0]))
