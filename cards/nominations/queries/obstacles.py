"""What stops a case until somebody has decided about it.

The one mechanism for it: whoever knows of a reason why a case may not go on adds a finder. A review does not pass a
case, and no notice ends in an award, while any finder finds something; returning and rejecting are always open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cards.nominations.choices import PAST_REVIEWS, STEP_OF_STATUS, NominationStatus, Step
from cards.nominations.models import Nomination
from cards.nominations.queries.answers import answers_lacking
from cards.nominations.queries.duplicates import has_live_card, is_second_nomination, undecided_look_alikes
from cards.nominations.queries.integrity import missing_checks, open_facts
from cards.talents.queries import records_of


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """A reason why a case may not go on, as officers read it: never who somebody else is.

    :param url_name: the page on which an officer deals with it, by the name of its path; it takes the case's key
    """

    code: str
    message: str | Promise
    url_name: str = ""


def find_answers_lacking(nomination: Nomination, step: Step | None) -> Iterator[Obstacle]:
    """Yield what a case that waits for its preliminary review lacks of confirmations and consent."""
    if step != Step.PRELIMINARY:
        return
    lacking = answers_lacking(nomination)
    if lacking.experts:
        message = ngettext_lazy(
            "%(count)s expert has yet to confirm this nomination.",
            "%(count)s experts have yet to confirm this nomination.",
            lacking.experts,
        )
        yield Obstacle(code="experts_lacking", message=message % {"count": lacking.experts})
    if lacking.consent:
        yield Obstacle(code="consent_lacking", message=_("The nominee has not consented yet."))


# Of a case and the review it is to pass, or None for the beginning and the end of its notice. At most a fixed number
# of queries each.
Finder = Callable[[Nomination, Step | None], Iterator[Obstacle]]


def _undecided_duplicates(nomination: Nomination, _step: Step | None) -> Iterator[Obstacle]:
    if undecided_look_alikes(nomination.talent):
        yield Obstacle(
            code="possible_duplicate",
            message=_("Somebody of this name and birth date is registered with another document. Are they one person?"),
            url_name="nominations:duplicate-list",
        )


def _other_records(nomination: Nomination, _step: Step | None) -> Iterator[Obstacle]:
    records = list(records_of(nomination.talent))
    if len(records) == 1:
        return
    if is_second_nomination(nomination, records):
        yield Obstacle(
            code="second_nomination",
            message=_(
                "This person was nominated first under another document. One person has one nomination at a time."
            ),
            url_name="nominations:duplicate-list",
        )
    if has_live_card(records):
        yield Obstacle(
            code="has_card",
            message=_("This person has a Haihe Talent card under another document. One person has one card."),
            url_name="nominations:duplicate-list",
        )


def _open_facts(nomination: Nomination, _step: Step | None) -> Iterator[Obstacle]:
    for fact in open_facts(nomination):
        yield Obstacle(
            code="integrity_fact",
            message=_("On record: %(kind)s (%(source)s). Decide whether the case goes on.")
            % {"kind": fact.get_kind_display(), "source": fact.source},
            url_name="nominations:integrity-detail",
        )


def _missing_checks(nomination: Nomination, step: Step | None) -> Iterator[Obstacle]:
    if step != Step.PRELIMINARY:
        return
    for kind in missing_checks(nomination):
        yield Obstacle(
            code="check_missing",
            message=_("The policy requires a check that has no result yet: %(kind)s.") % {"kind": kind.label},
            url_name="nominations:integrity-detail",
        )


FINDERS: tuple[Finder, ...] = (
    _undecided_duplicates,
    _other_records,
    _open_facts,
    _missing_checks,
    find_answers_lacking,
)


def obstacles_to(nomination: Nomination, step: Step | None) -> list[Obstacle]:
    """Return what keeps a case from passing a review, or with None, its notice from beginning or ending in an award."""
    return [obstacle for find in FINDERS for obstacle in find(nomination, step)]


def present_obstacles(nomination: Nomination) -> list[Obstacle]:
    """Return what keeps a case from going on from where it stands; nothing for one that waits for no officer."""
    status = NominationStatus(nomination.status)
    if status in PAST_REVIEWS or status in STEP_OF_STATUS:
        return obstacles_to(nomination, STEP_OF_STATUS.get(status))
    return []
