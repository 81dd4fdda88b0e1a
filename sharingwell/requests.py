from django.http import HttpRequest

from sharingwell.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request that has passed `SignInRequired`, for the type checker."""

    user: User
