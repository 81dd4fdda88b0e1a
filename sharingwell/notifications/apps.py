from django.apps import AppConfig

from sharingwell.database.declared import DatabaseObjects
from sharingwell.notifications.rls import ROW_CONDITIONS


class NotificationsConfig(DatabaseObjects, AppConfig):
    name = "sharingwell.notifications"
    verbose_name = "Notifications"
    row_conditions = ROW_CONDITIONS

    def ready(self) -> None:
        from sharingwell.notifications import checks  # noqa: F401  # registers the checks
