from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "talentcard.outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        # Every process knows every task by name: the worker that runs it, the web process that names it.
        autodiscover_modules("tasks")
