from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from sharingwell.views import check_health, show_home

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Sharing well"
admin.site.index_title = "Decisions, people and the guide"


def disabled_view_on_site(request: HttpRequest, rest: str) -> HttpResponse:
    """Disables the admin's “view on site”, which would reveal the reference of any decision."""
    raise Http404


handler500 = "sharingwell.views.server_error"
urlpatterns = [
    path("", show_home, name="home"),
    path("guide/", include("guidance.urls")),
    path("decisions/", include("decisions.urls")),
    path("advice/", include("decisions.advice_urls")),
    path("accounts/", include("sharingwell.accounts.urls")),
    path("admin/r/<path:rest>", disabled_view_on_site),
    path("admin/", admin.site.urls),
    path("health/", check_health, name="health"),
]
if settings.LOCAL:
    urlpatterns += [path("dev/mail/", include("sharingwell.dev.mail.urls"))]
