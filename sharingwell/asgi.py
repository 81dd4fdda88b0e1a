"""The application as the server runs it."""

import os

from django.core.wsgi import get_wsgi_application

from sharingwell.serving.whole_requests import WholeRequests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")

application = WholeRequests(get_wsgi_application())

from sharingwell.database.versions import check_database_is_not_newer  # noqa: E402  # Django is set up now

check_database_is_not_newer()
