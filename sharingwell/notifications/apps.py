from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sharingwell.notifications"
    verbose_name = "Notices"
