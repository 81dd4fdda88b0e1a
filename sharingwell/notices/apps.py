from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sharingwell.notices"
    verbose_name = "Notices"
