"""Messages of this app."""

from django.utils.translation import gettext_lazy as _

from talentcard.notifications.catalogue import Event, register

register(
    Event(
        key="perks.opened",
        title=_("Your card opens services"),
        body=_("Card %(number)s is active and opens %(count)s services to you. See which, and what each asks for:"),
    )
)
register(
    Event(
        key="perks.request_submitted",
        title=_("Your request was received"),
        body=_("Request %(number)s was received. You are told of each step."),
    )
)
register(
    Event(
        key="perks.request_accepted",
        title=_("Your request was accepted"),
        body=_("The department has taken on request %(number)s."),
    )
)
register(
    Event(
        key="perks.request_in_progress",
        title=_("Your request is being handled"),
        body=_("The department is working on request %(number)s."),
        email=False,
    )
)
register(
    Event(
        key="perks.request_granted",
        title=_("Your request was granted"),
        body=_("Request %(number)s was granted. See the result, and tell us how you were served:"),
        sms=True,
    )
)
register(
    Event(
        key="perks.request_declined",
        title=_("Your request was declined"),
        body=_("Request %(number)s was declined. The reason is on its page; you may ask again:"),
        sms=True,
    )
)
register(
    Event(
        key="perks.request_withdrawn",
        title=_("Your request was withdrawn"),
        body=_("You withdrew request %(number)s. Nothing further happens."),
        email=False,
    )
)
register(
    Event(
        key="perks.request_closed",
        title=_("Your request was closed"),
        body=_("Request %(number)s was closed because the card it was made with is no longer valid."),
    )
)
register(
    Event(
        key="perks.request_waits",
        title=_("A request waits for your department"),
        body=_("Request %(number)s was filed and waits to be accepted."),
    )
)
register(
    Event(
        key="perks.rated_low",
        title=_("A low rating asks for a follow-up"),
        body=_("The person served by request %(number)s was not satisfied. Please follow up:"),
    )
)
