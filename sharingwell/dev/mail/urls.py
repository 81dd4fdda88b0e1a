from django.urls import path

from sharingwell.dev.mail.views import list_mail, show_mail

app_name = "dev_mail"

urlpatterns = [
    path("", list_mail, name="list"),
    path("<slug:key>/", show_mail, name="message"),
]
