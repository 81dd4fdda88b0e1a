"""What an administrator does for the people of their organisation."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from sharingwell.accounts.models import Role, Team, User

logger = logging.getLogger(__name__)


@transaction.atomic
def invite_person(
    request: HttpRequest,
    *,
    email: str,
    name: str,
    job_title: str = "",
    team: Team | None,
    roles: Iterable[Role | str],
) -> User:
    """Open an account without a password and send the link by which its person chooses one."""
    user = User.objects.create_user(email, name=name, job_title=job_title, team=team, roles=list(roles))
    transaction.on_commit(lambda: send_invitation(request, user))
    return user


@transaction.atomic
def change_person(request: HttpRequest, person: User, *, former_email: str) -> None:
    """Save what was changed about a person.

    A new address opens their account to whoever reads mail there, so the former one is told; a person who has not
    chosen a password yet is invited at the new address instead, for the former may have been a stranger's.
    """
    person.save()
    if person.email == former_email:
        return
    EmailAddress.objects.filter(user=person).delete()  # django-allauth would let the former address sign in
    if person.has_usable_password():
        transaction.on_commit(lambda: _send(request, "address_changed", former_email, {}))
    elif person.is_active:
        transaction.on_commit(lambda: send_invitation(request, person))


def send_invitation(request: HttpRequest, person: User) -> bool:
    """The link works once, for PASSWORD_RESET_TIMEOUT; the email says nothing about anybody's case.

    False when it could not be sent; whoever invites is told.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
    context = {
        "organisation": person.organisation or "Your organisation",
        "url": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    return _send(request, "invitation", person.email, context)


def _send(request: HttpRequest, name: str, address: str, context: Mapping[str, object]) -> bool:
    """Send one of our emails. A mail server's complaint may hold the address: only its kind is logged."""
    try:
        send_mail(
            render_to_string(f"account/email/{name}_subject.txt").strip(),
            render_to_string(f"account/email/{name}_message.txt", context),
            None,
            [address],
        )
    except OSError as error:
        logger.error("An email (%s) could not be sent: %s", name, type(error).__name__)
        messages.error(
            request, f"The email to {address} could not be sent. Try “Send the invitation again” later."
        )
        return False
    return True
