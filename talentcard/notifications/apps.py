from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "talentcard.notifications"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from talentcard.notifications import checks  # noqa: F401  # registers the system checks
