"""Links by which a person chooses a password. Never store one: it gives access to the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

if TYPE_CHECKING:
    from sharingwell.accounts.models import User


def invitation_path(person: User) -> str:
    """Path of the single-use link, valid for PASSWORD_RESET_TIMEOUT."""
    return _path(person, default_token_generator.invitations.make_token(person))


def reset_path(person: User) -> str:
    """Path of the single-use link, valid for RESET_LINK_TIMEOUT."""
    return _path(person, default_token_generator.make_token(person))


def _path(person: User, key: str) -> str:
    uid = user_pk_to_url_str(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
