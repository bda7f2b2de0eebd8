from django.utils.translation import gettext_lazy as _

from talentcard.core.navigation import NavItem, register
from talentcard.notifications.models import Message

register(
    NavItem(
        label=_("Messages"),
        url_name="notifications:message-list",
        order=80,
        is_for=lambda user: user.is_authenticated,
        waiting=lambda user: Message.objects.filter(recipient=user, read_at=None),
    )
)
