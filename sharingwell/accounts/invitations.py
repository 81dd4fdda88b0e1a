"""Link by which an invited person chooses their password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def invitation_path(person: User) -> str:
    """Path of the single-use link, valid for PASSWORD_RESET_TIMEOUT. Never store it: it gives access to the account."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.invitations.make_token(person),
        },
    )
