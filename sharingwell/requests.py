from django.http import HttpRequest

from sharingwell.accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """Type of a request that has passed `SignInRequiredMiddleware`."""

    user: User
