from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up: an administrator invites each person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
