from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "talentcard.casework"
    verbose_name = _("Casework")

    def ready(self) -> None:
        import_module("talentcard.casework.rating_desk")
        autodiscover_modules("desks", "decision_kinds")
