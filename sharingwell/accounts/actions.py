"""Actions of administrators on the people of their organisation, and of people on their own account."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Set

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from sharingwell.accounts.models import ROLES_TO_CONFIRM, Appointment, Role, Team, User
from sharingwell.accounts.policies import (
    check_can_answer_appointment,
    check_can_change_address,
    check_can_change_role,
)
from sharingwell.notifications.actions import notify, send_again
from sharingwell.notifications.models import Kind

logger = logging.getLogger(__name__)


@transaction.atomic
def invite_person(
    *,
    by: User,
    email: str,
    name: str,
    job_title: str = "",
    team: Team | None,
    roles: Iterable[Role | str],
) -> User:
    """Create an account without a password and queue the invitation to choose one.

    Roles that open other people's decisions wait for a second person.
    """
    wanted = list(roles)
    for role in wanted:
        check_can_change_role(by, role)
    user = User.objects.create_user(
        email,
        name=name,
        job_title=job_title,
        team=team,
        roles=[role for role in wanted if role not in ROLES_TO_CONFIRM],
    )
    _propose(by=by, person=user, roles=ROLES_TO_CONFIRM.intersection(wanted))
    send_invitation(person=user)
    return user


@transaction.atomic
def choose_email_frequency(*, by: User, email_frequency: User.EmailFrequency | str) -> None:
    """Set how often this person receives emails. Urgent ones are sent at once in any case."""
    by.email_frequency = email_frequency
    by.save(update_fields=["email_frequency"])


@transaction.atomic
def change_person(*, by: User, person: User) -> str | None:
    """Save the changes to a person. Returns a former address, for `notify_former_address` after the transaction.

    The new address gives access to the account, so the former one is notified. A person without a password is invited
    at the new address instead: the former may have been a stranger's. Roles that open other people's decisions wait for
    a second person where they are new, or for another address, another team or an account that was closed.
    """
    former = User.objects.select_for_update(of=["self"]).get(pk=person.pk)
    for role in set(former.roles) ^ set(person.roles):
        check_can_change_role(by, role)
    has_new_address = person.email != former.email
    if has_new_address:
        check_can_change_address(by, former)
    to_confirm = _roles_to_confirm(former, person)
    person.roles = [role for role in person.roles if role not in to_confirm]
    person.save()
    _propose(by=by, person=person, roles=to_confirm)
    if not has_new_address:
        return None
    EmailAddress.objects.filter(user=person).delete()  # django-allauth accepts these addresses at sign-in
    if person.has_usable_password():
        send_again(to=person)
        return former.email
    if person.is_active:
        send_invitation(person=person)
    return None


def _roles_to_confirm(former: User, person: User) -> Set[str]:
    """Roles that this person is to have and no second person has confirmed for them, as they are now."""
    open_appointments = Appointment.objects.filter(person=person, answered_at=None)
    wanted = ROLES_TO_CONFIRM.intersection(person.roles)
    if not person.is_active:
        return wanted - set(former.roles)
    proposed = {appointment.role for appointment in open_appointments}
    is_another = (former.email, former.is_active) != (person.email, person.is_active)
    if is_another or former.organisation != person.organisation:
        open_appointments.delete()  # whoever looks at one must not confirm another person than they see
        return wanted | proposed
    kept = set(former.roles)
    if former.team_id != person.team_id:
        open_appointments.filter(role=Role.MANAGER).delete()
        kept -= {Role.MANAGER}
    return (wanted - kept) | proposed


def _propose(*, by: User, person: User, roles: Iterable[Role | str]) -> None:
    """Propose roles for a person, and tell those who can confirm them."""
    for role in roles:
        appointment, is_new = Appointment.objects.get_or_create(
            person=person, role=role, answered_at=None, defaults={"proposed_by": by}
        )
        for each in User.objects.to_confirm(appointment) if is_new else []:
            notify(
                to=each,
                kind=Kind.APPOINTMENT,
                event_key=f"appointment-{appointment.pk}",
                path=appointment.get_absolute_url(),
            )


@transaction.atomic
def answer_appointment(*, by: User, appointment: Appointment, confirmed: bool) -> None:
    """Give the person the role that was proposed, or refuse it. PermissionDenied for all but a second person."""
    person = User.objects.select_for_update(of=["self"]).get(pk=appointment.person_id)
    appointment = Appointment.objects.select_for_update(of=["self"]).get(pk=appointment.pk)
    check_can_answer_appointment(by, appointment)
    appointment.answered_by, appointment.answered_at, appointment.confirmed = by, timezone.now(), confirmed
    appointment.save()
    if confirmed:
        person.roles = [*person.roles, appointment.role]
        person.save(update_fields=["roles"])


@transaction.atomic
def send_invitation(*, person: User) -> None:
    """Queue the email with the link to choose a password. The link is generated on sending and works once."""
    notify(to=person, kind=Kind.INVITATION, event_key=f"invited-{timezone.now():%Y%m%dT%H%M%S%f}")


@transaction.atomic
def request_reset_link(*, person: User | None) -> None:
    """Queue a job whether or not anybody has the address: the time it takes tells nobody which addresses are known."""
    app.configure_task("answer_reset_request").defer(person=person.pk if person else None)


@transaction.atomic
def send_reset_link(*, person: User) -> None:
    """Queue the email with the link to choose a new password."""
    notify(to=person, kind=Kind.PASSWORD_RESET, event_key=f"reset-{timezone.now():%Y%m%dT%H%M%S%f}")


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
