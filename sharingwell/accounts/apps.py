from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sharingwell.accounts"
    verbose_name = "People and organisations"
