"""Messages of this app."""

from django.utils.translation import gettext_lazy as _

from talentcard.notifications.catalogue import Event, register

register(
    Event(
        key="card.activated",
        title=_("Your talent card is in force"),
        body=_("Card %(number)s is ready. Show its code on your phone, or print it."),
        sms=True,
    )
)
register(
    Event(
        key="card.suspended",
        title=_("Your talent card is suspended"),
        body=_("Card %(number)s is not accepted for the time being. Your card's page gives the reason."),
        sms=True,
    )
)
register(
    Event(
        key="card.reported_lost",
        title=_("Your talent card is reported lost"),
        body=_("Card %(number)s is no longer accepted. If you find it, ask the bureau to put it in force again."),
        sms=True,
    )
)
register(
    Event(
        key="card.reinstated",
        title=_("Your talent card is in force again"),
        body=_("Card %(number)s is accepted again; its code is the same."),
    )
)
register(
    Event(
        key="card.revoked",
        title=_("Your talent card is revoked"),
        body=_("Card %(number)s is no longer valid. Your card's page gives the reason."),
        sms=True,
    )
)
register(
    Event(
        key="card.returned",
        title=_("Your talent card is returned"),
        body=_("Card %(number)s was given back and is no longer valid."),
    )
)
register(
    Event(
        key="card.expired",
        title=_("Your talent card has expired"),
        body=_("The validity of card %(number)s is over."),
    )
)
