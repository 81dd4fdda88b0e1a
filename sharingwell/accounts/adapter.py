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
    """Closes signup: an administrator invites each person."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # Same message for an unknown address: it must not reveal who has an account.
        "email_password_mismatch": "The email address or the password is wrong. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Disables django-allauth's JSON responses."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Responds 429 with the time to wait after too many failed sign-ins."""
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError as error:
            raise ImmediateHttpResponse(ratelimit.respond_429(request)) from error

    def clear_failed_sign_ins(self, request: HttpRequest, email: str) -> None:
        """Resets the rate limit of this address, after a password reset by email."""
        self._delete_login_attempts_cached_email(request, email=email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Ignores failures to send, so that the page does not reveal which addresses are known.

        Logs only the type of an error: its message may hold the address.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.error("A password email could not be sent: %s", type(error).__name__)
