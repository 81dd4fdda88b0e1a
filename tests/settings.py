"""The settings under test: those of the product, whatever the developer's environment and `.env` say.

Only `DATABASE_URL` of the real environment is heeded; without it `conftest.py` starts a server of the tests' own.
"""

import os
from unittest import mock

from environs import Env

_environment = {
    "SHARINGWELL_LOCAL": "true",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql://postgres@/postgres"),
}

with mock.patch.object(Env, "read_env"), mock.patch.dict(os.environ, _environment, clear=True):
    from sharingwell.settings import *  # noqa: F403
    from sharingwell.settings import DATABASES, MIDDLEWARE

MIDDLEWARE.insert(0, "tests.serving.ServedByTheApplicationRole")

# A test has one connection, which is its own. The server of the journeys keeps a few: see `tests.browser.server`.
DATABASES["default"]["OPTIONS"]["pool"] = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Static files come straight from static/dist, as built, without having been collected.
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
