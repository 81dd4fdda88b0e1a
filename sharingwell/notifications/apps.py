from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sharingwell.notifications"
    verbose_name = "Notices"
