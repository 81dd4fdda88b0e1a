"""What an administrator does for the people of their organisation."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from sharingwell.accounts.models import Role, Team, User
from sharingwell.notifications.actions import notify, send_again
from sharingwell.notifications.models import Kind

logger = logging.getLogger(__name__)


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    job_title: str = "",
    team: Team | None,
    roles: Iterable[Role | str],
) -> User:
    """Open an account without a password and queue the email by which its person chooses one."""
    user = User.objects.create_user(email, name=name, job_title=job_title, team=team, roles=list(roles))
    send_invitation(person=user)
    return user


@transaction.atomic
def choose_emails(*, by: User, emails: User.Emails | str) -> None:
    """How often this person is written to about what waits for them. What is urgent comes at once in any case."""
    by.emails = emails
    by.save(update_fields=["emails"])


@transaction.atomic
def change_person(*, person: User, former_email: str) -> bool:
    """Save what was changed about a person. Returns whether their former address has to be told, once it is saved.

    A new address opens their account to whoever reads mail there, so the former one is told (`tell_former_address`);
    a person who has not chosen a password yet is invited at the new address instead, for the former may have been a
    stranger's.
    """
    person.save()
    if person.email == former_email:
        return False
    EmailAddress.objects.filter(user=person).delete()  # django-allauth would let the former address sign in
    if person.has_usable_password():
        send_again(to=person)
        return True
    if person.is_active:
        send_invitation(person=person)
    return False


@transaction.atomic
def send_invitation(*, person: User) -> None:
    """Queue the link by which they choose a password. It is made when it is sent, and works once."""
    notify(to=person, kind=Kind.INVITATION, fact=f"invited-{timezone.now():%Y%m%dT%H%M%S%f}")


def tell_former_address(*, address: str) -> bool:
    """Email it at once, and not queued: no table is to keep an address that may be a stranger's.

    Returns whether it was sent. A mail server's complaint may hold the address: only its kind is logged.
    """
    try:
        send_mail(
            render_to_string("account/email/address_changed_subject.txt").strip(),
            render_to_string("account/email/address_changed_message.txt"),
            None,
            [address],
        )
    except OSError as error:
        logger.error("An email (address_changed) could not be sent: %s", type(error).__name__)
        return False
    return True
