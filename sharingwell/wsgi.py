import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharingwell.settings")

application = get_wsgi_application()

from sharingwell.database.versions import check_database_is_not_newer  # noqa: E402  # Django is set up now

check_database_is_not_newer()
