from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NominationsConfig(AppConfig):
    name = "cards.nominations"
    verbose_name = _("Nominations")

    def ready(self) -> None:
        """Register the checks."""
        import_module("cards.nominations.checks")
