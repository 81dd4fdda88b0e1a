from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from sharingwell.views import answer_health, show_home

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Sharing well"
admin.site.index_title = "Decisions, people and the guide"

urlpatterns = [
    path("", show_home, name="home"),
    path("guide/", include("guidance.urls")),
    path("decisions/", include("decisions.urls")),
    path("accounts/", include("sharingwell.accounts.urls")),
    path("admin/", admin.site.urls),
    path("health/", answer_health, name="health"),
]
