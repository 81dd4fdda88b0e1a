"""Actions of administrators on the people of their organisation, and of people on their own account."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
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
    """Create an account without a password and queue the invitation to choose one."""
    user = User.objects.create_user(email, name=name, job_title=job_title, team=team, roles=list(roles))
    send_invitation(person=user)
    return user


@transaction.atomic
def choose_email_frequency(*, by: User, email_frequency: User.EmailFrequency | str) -> None:
    """Set how often this person receives emails. Urgent ones are sent at once in any case."""
    by.email_frequency = email_frequency
    by.save(update_fields=["email_frequency"])


@transaction.atomic
def change_person(*, person: User, former_email: str) -> bool:
    """Save the changes to a person. Returns whether to call `notify_former_address` after the transaction.

    The new address gives access to the account, so the former one is notified. A person without a password is invited
    at the new address instead: the former may have been a stranger's.
    """
    person.save()
    if person.email == former_email:
        return False
    EmailAddress.objects.filter(user=person).delete()  # django-allauth accepts these addresses at sign-in
    if person.has_usable_password():
        send_again(to=person)
        return True
    if person.is_active:
        send_invitation(person=person)
    return False


@transaction.atomic
def send_invitation(*, person: User) -> None:
    """Queue the email with the link to choose a password. The link is generated on sending and works once."""
    notify(to=person, kind=Kind.INVITATION, event_key=f"invited-{timezone.now():%Y%m%dT%H%M%S%f}")


@transaction.atomic
def notify_password_changed(*, person: User) -> None:
    """Queue the email that the password was changed. Call it in the transaction of the change."""
    notify(
        to=person,
        kind=Kind.PASSWORD_CHANGED,
        event_key=f"password-changed-{timezone.now():%Y%m%dT%H%M%S%f}",
        path=reverse("account_reset_password"),
    )


def notify_former_address(*, address: str) -> bool:
    """Email the former address at once, unqueued: no table may hold an address that may be a stranger's.

    Returns whether it was sent. Logs only the type of an error: its message may hold the address.
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
