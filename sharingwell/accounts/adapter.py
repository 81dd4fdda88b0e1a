from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.http import HttpRequest
from django.urls import reverse

logger = logging.getLogger(__name__)


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up: an administrator invites each person."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same for an address nobody has: a stranger learns nothing about who works here.
        "email_password_mismatch": "The email address or the password is wrong. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """There are pages only: no second way in, with answers of its own, for a script."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many failed sign-ins get a page that says how long to wait, and a status that says so to programs."""
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError as error:
            raise ImmediateHttpResponse(ratelimit.respond_429(request)) from error

    def forget_failed_sign_ins(self, request: HttpRequest, email: str) -> None:
        """Whoever has proved, by a link sent to them, that they are who they say need not wait."""
        self._delete_login_attempts_cached_email(request, email=email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """When the mail server fails, the page stays the same: it must not tell which addresses are known.

        What the mail server says may hold the address, so only the kind of failure is logged.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.error("A password email could not be sent: %s", type(error).__name__)
