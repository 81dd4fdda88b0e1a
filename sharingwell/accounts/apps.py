from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sharingwell.accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        from sharingwell.database import checks  # noqa: F401  # registers the checks
