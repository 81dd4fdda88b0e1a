from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sharingwell.notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from sharingwell.notifications import checks  # noqa: F401  # registers the checks
