"""Messages of this app."""

from django.utils.translation import gettext_lazy as _

from talentcard.accounts.operations import activation_url
from talentcard.notifications.catalogue import Event, register

register(
    Event(
        key="account.invited",
        title=_("Your account is ready"),
        body=_("Sign in as %(username)s. Set your password first, within three days:"),
        link=activation_url,
    )
)
