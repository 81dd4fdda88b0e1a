"""What an administrator does for the people of their organisation."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from sharingwell.accounts.models import Role, Team, User


@transaction.atomic
def invite_person(
    request: HttpRequest, *, email: str, name: str, job_title: str = "", team: Team | None, roles: Iterable[Role | str]
) -> User:
    """Open an account without a password and send the link by which its person chooses one."""
    user = User.objects.create_user(email, name=name, job_title=job_title, team=team, roles=list(roles))
    transaction.on_commit(lambda: send_invitation(request, user))
    return user


def send_invitation(request: HttpRequest, user: User) -> None:
    """The link works once, for PASSWORD_RESET_TIMEOUT; it says nothing about anybody's case."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    context = {
        "organisation": user.organisation or "Your organisation",
        "url": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    send_mail(
        render_to_string("account/email/invitation_subject.txt", context).strip(),
        render_to_string("account/email/invitation_message.txt", context),
        None,
        [user.email],
    )
