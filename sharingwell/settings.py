"""Settings, read from the environment (and from `.env` beside `manage.py`, which `make` writes for local work).

Without anything set they are those of production; `SHARINGWELL_LOCAL=true` relaxes what only works behind HTTPS.
`docs/running.md` lists every variable.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from sharingwell.database.address import parse_address
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE, local_database_url

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

LOCAL = env.bool("SHARINGWELL_LOCAL", False)

# Where the product answers

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
ROOT_URLCONF = "sharingwell.urls"

# Of each process, which runs twice as many: the others are left to public pages and /health/.
SIGNED_IN_REQUESTS_AT_ONCE = 3

# What it is made of

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "pgtrigger",
    "procrastinate.contrib.django",
    "sharingwell.govuk",
    "sharingwell.accounts",
    "sharingwell.notifications",
    "guidance",
    "decisions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sharingwell.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sharingwell.serving.request_limit.RequestLimitMiddleware",
    "sharingwell.middleware.UnavailableMiddleware",
    "sharingwell.tenancy.middleware.OrganisationMiddleware",  # before a page is shown again for want of a fresh token
    "django.middleware.csrf.CsrfViewMiddleware",
    "sharingwell.middleware.SessionEndMiddleware",
    "sharingwell.middleware.NoStoreMiddleware",
    "sharingwell.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "decisions.context_processors.inbox",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govuk"
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# Where it keeps things

# The role that serves owns nothing: rows of another organisation are kept from it. Migrations run as the owner.
EMBEDDED_DATABASE = BASE_DIR / ".data" / "postgres"
DATABASES = {
    "default": parse_address(
        env.str("DATABASE_URL", local_database_url(EMBEDDED_DATABASE, user=LOCAL_APPLICATION_ROLE))
    )
}
OWNER_DATABASE = None  # then the serving role is the owner: not for production
if "OWNER_DATABASE_URL" in os.environ or "DATABASE_URL" not in os.environ:
    OWNER_DATABASE = parse_address(env.str("OWNER_DATABASE_URL", local_database_url(EMBEDDED_DATABASE)))
# A request that finds the database away is answered in seconds. The backend checks a connection before it is lent.
DATABASE_POOL = {"min_size": 4, "max_size": 8, "timeout": 3, "reconnect_timeout": 5}  # seconds
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,  # milliseconds
    **DATABASES["default"]["OPTIONS"],
    "pool": DATABASE_POOL,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The rate limits of sign-in must hold across workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond which counts are thrown away at random
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STATIC_ROOT = BASE_DIR / "static" / "collected"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Who may come in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "sharingwell.accounts.passwords.StrengthValidator"},
]
ACCOUNT_ADAPTER = "sharingwell.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_FORMS = {
    "login": "sharingwell.accounts.forms.SignInForm",
    "reset_password": "sharingwell.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "sharingwell.accounts.forms.NewPasswordForm",
    "change_password": "sharingwell.accounts.forms.ChangePasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "sharingwell.accounts.tokens.LinkTokenGenerator"  # noqa: S105  # a path
PASSWORD_RESET_TIMEOUT = (
    7 * 24 * 60 * 60
)  # of any emailed link, in seconds: of an invitation, which lives longest
RESET_LINK_TIMEOUT = 24 * 60 * 60
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    # Wrong passwords: from one address, for an account from one address, and for an account.
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_for_account": "20/h/key",
    # Where the account signed in from this address before, this alone counts: nobody elsewhere keeps its owner out.
    "login_failed_where_known": "10/5m/key",
}
# What is posted without an account. Many people can share an address, in a workshop for instance.
ADDRESS_LIMITS = {"practice": "300/m/ip", "practice_begun": "60/m/ip", "urgent": "60/m/ip"}
ADDRESS_REMEMBERED = 90 * 24 * 60 * 60  # seconds after a sign-in from it
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "decisions:mine"
LOGOUT_REDIRECT_URL = "home"

# Browsers keep a `__Host-` cookie only from this host itself, over HTTPS.
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
SESSION_COOKIE_AGE = 30 * 60  # without a request
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_SECURE = not LOCAL
CSRF_FAILURE_VIEW = "sharingwell.views.csrf_failure"
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # monitoring asks from inside, without HTTPS
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {
    "clipboard-write": "(self)",
    **dict.fromkeys(
        [
            "accelerometer",
            "autoplay",
            "bluetooth",
            "camera",
            "clipboard-read",
            "display-capture",
            "encrypted-media",
            "fullscreen",
            "gamepad",
            "geolocation",
            "gyroscope",
            "hid",
            "idle-detection",
            "local-fonts",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "picture-in-picture",
            "screen-wake-lock",
            "serial",
            "storage-access",
            "usb",
            "window-management",
            "xr-spatial-tracking",
        ],
        "()",
    ),
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# What goes

DRAFTS_ANNOUNCED_AFTER_DAYS = env.int("DRAFTS_ANNOUNCED_AFTER_DAYS", 30)  # without a word written in them
DRAFTS_REMOVED_AFTER_DAYS = env.int("DRAFTS_REMOVED_AFTER_DAYS", 60)
NOTIFICATIONS_KEPT_DAYS = env.int("NOTIFICATIONS_KEPT_DAYS", 90)

# How it speaks

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# Where links in emails lead
_host = "127.0.0.1:8000" if LOCAL else next(iter(ALLOWED_HOSTS), "localhost").lstrip(".*")
SITE_ADDRESS = env.str("SITE_ADDRESS", f"{'http' if LOCAL else 'https'}://{_host}").rstrip("/")

# Emails go by SMTP, or by GOV.UK Notify where that is named; `make run` catches them.
for name, value in env.dj_email_url("EMAIL_URL", "smtp://localhost").items():
    globals()[name] = value
EMAIL_TIMEOUT = 20
CAUGHT_MAIL = BASE_DIR / ".data" / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "sharing-well@localhost")
GOVUK_NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", "")
GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID = env.str("NOTIFY_TEMPLATE_ID", "")
if GOVUK_NOTIFY_API_KEY or GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID:
    EMAIL_BACKEND = "sharingwell.notifications.govuk_notify.IdempotentNotifyBackend"

# What the worker does daily is done later in the day where the worker was not running.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# Paths and messages only: never a request's body, a person or an answer.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sharingwell.logs.RedactingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "mail.log": {"level": "WARNING"},  # the catcher of `make run` would name who is written to
        "notifications_python_client": {"level": "ERROR"},  # its warnings may hold what was sent
        "procrastinate": {"level": "WARNING"},  # at INFO it names every task at every start
    },
}
