from django.http import HttpRequest

from sharingwell.accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request that has passed `SignInRequiredMiddleware`, for the type checker."""

    user: User
