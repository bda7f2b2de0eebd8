from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    name = "cards.verification"
    verbose_name = _("Verification")

    def ready(self) -> None:
        from cards.verification import receivers

        receivers.connect()
