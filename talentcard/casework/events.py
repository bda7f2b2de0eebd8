"""Messages of this app, to officers and their heads."""

from django.utils.translation import gettext_lazy as _

from talentcard.notifications.catalogue import Event, register

register(
    Event(
        key="casework.handed_to_you",
        title=_("%(number)s was given to you"),
        body=_("A colleague or your head has handed it over. It is in your inbox."),
    )
)
register(
    Event(
        key="casework.due_soon",
        title=_("%(number)s is due soon"),
        body=_("Its time limit ends in a working day or less."),
    )
)
register(
    Event(
        key="casework.overdue",
        title=_("%(number)s is overdue"),
        body=_("Its time limit has passed. The head of your office is told as well."),
    )
)
register(
    Event(
        key="casework.overdue_in_office",
        title=_("%(number)s is overdue in your office"),
        body=_("Its time limit has passed without a decision. You may give it to somebody else."),
    )
)
register(
    Event(
        key="casework.rated_low",
        title=_("%(number)s was rated badly"),
        body=_("The person served was not satisfied. Look into it, and write what was done:"),
    )
)
register(
    Event(
        key="casework.delegation_made",
        title=_("A step was delegated"),
        body=_("An office leaves a step to another for a period. Its page says which, where and until when:"),
    )
)
register(
    Event(
        key="casework.rating_answered",
        title=_("Your rating of %(number)s was followed up"),
        body=_("The head of the office has written what was done:"),
    )
)
register(
    Event(
        key="casework.delegation_taken_back",
        title=_("A delegation was taken back"),
        body=_("The step is with its own office again. Cases that somebody has taken on stay with them:"),
    )
)
