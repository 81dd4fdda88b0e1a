"""For `makemigrations --check`, which compares models with migrations and would warn of a database it cannot reach."""

from tests.settings import *  # noqa: F403

DATABASES = {"default": {}}  # Django's dummy
