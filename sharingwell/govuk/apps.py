from django.apps import AppConfig


class GovukConfig(AppConfig):
    name = "sharingwell.govuk"
    verbose_name = "GOV.UK Frontend"
