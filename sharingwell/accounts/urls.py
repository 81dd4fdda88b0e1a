"""Account pages; of django-allauth's, only those for invited people."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path, reverse_lazy

from sharingwell.accounts.views import AnswerAppointment, ChooseEmailFrequency
from sharingwell.views import show_signed_in

urlpatterns = [
    path("login/", views.login, name="account_login"),
    # Open to everyone: a person whose session ended is not asked to sign in first.
    path("logout/", login_not_required(views.logout), name="account_logout"),
    path("signed-in/", show_signed_in, name="signed_in"),
    path("signup/", views.signup, name="account_signup"),
    path("emails/", ChooseEmailFrequency.as_view(), name="account_emails"),
    path("roles/<int:appointment>/", AnswerAppointment.as_view(), name="account_appointment"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.PasswordResetFromKeyView.as_view(success_url=reverse_lazy("account_login")),
        name="account_reset_password_from_key",
    ),
]
