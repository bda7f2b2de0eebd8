from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PerksConfig(AppConfig):
    name = "services.perks"
    verbose_name = _("Perks")

    def ready(self) -> None:
        """Listen to cards, and load every perk; a perk that does not import stops the start, for all to see."""
        import_module("services.perks.checks")
        import_module("services.perks.receivers")
        autodiscover_modules("perk")
