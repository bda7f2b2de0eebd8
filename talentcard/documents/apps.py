from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "talentcard.documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from talentcard.documents import checks  # noqa: F401  # registers the system checks
