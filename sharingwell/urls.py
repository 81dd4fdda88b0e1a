from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from sharingwell.views import answer_health, show_home

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Sharing well"
admin.site.index_title = "Decisions, people and the guide"


def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """The admin's “view on site” would tell anyone at work there the reference of any decision."""
    raise Http404


handler500 = "sharingwell.views.server_error"
urlpatterns = [
    path("", show_home, name="home"),
    path("guide/", include("guidance.urls")),
    path("decisions/", include("decisions.urls")),
    path("advice/", include("decisions.advice_urls")),
    path("accounts/", include("sharingwell.accounts.urls")),
    path("admin/r/<path:rest>", nothing_here),
    path("admin/", admin.site.urls),
    path("health/", answer_health, name="health"),
]
if settings.LOCAL:
    urlpatterns += [path("dev/mail/", include("sharingwell.dev.mail.urls"))]
