from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "talentcard.accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        autodiscover_modules("events")
