"""The desks at which a nomination waits for an officer."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cards.nominations import rules
from cards.nominations.choices import APPEALS_DESK, DIRECT_DESK, OBJECTIONS_DESK, RELEASE_DESK, STOPS_DESK, Step
from cards.nominations.models import DirectIssue, Nomination
from cards.nominations.nearness import is_too_near
from talentcard.accounts.choices import Role
from talentcard.casework.desks import Desk, register


def _url(subject_id: UUID) -> str:
    return reverse("nominations:nomination-detail", args=[subject_id])


def _case(subject_id: UUID) -> Nomination:
    return Nomination.objects.for_one().get(pk=subject_id)


def _may_review(step: Step) -> Any:
    def may_review(user: Any, subject_id: UUID) -> bool:
        case = _case(subject_id)
        return not (
            rules.has_conflict(user, case)
            or rules.has_reviewed_other_step(user, case, step)
            or rules.has_refused(user, case)
        )

    return may_review


def _may_resolve(user: Any, subject_id: UUID) -> bool:
    case = _case(subject_id)
    return not rules.has_conflict(user, case) and not rules.has_refused(user, case)


def _may_decide_appeal(user: Any, subject_id: UUID) -> bool:
    case = _case(subject_id)
    return not rules.has_conflict(user, case) and not rules.has_handled(user, case)


def _direct_url(subject_id: UUID) -> str:
    return reverse("nominations:direct-detail", args=[subject_id])


def _may_decide_direct(user: Any, subject_id: UUID) -> bool:
    case = DirectIssue.objects.with_parties().filter(pk=subject_id).first()
    return case is not None and case.proposed_by_id != user.pk and not is_too_near(user, case.talent)


for each in Step:
    register(
        Desk(slug=each.desk, title=each.label, role=rules.ROLE_OF_STEP[each], url=_url, may_handle=_may_review(each))
    )
register(
    Desk(
        slug=RELEASE_DESK,
        title=_("release for public notice"),
        role=Role.SECOND_REVIEWER,
        url=_url,
        may_handle=_may_resolve,
    )
)
register(
    Desk(
        slug=OBJECTIONS_DESK,
        title=_("objections"),
        role=Role.SECOND_REVIEWER,
        url=_url,
        may_handle=_may_resolve,
    )
)
register(
    Desk(
        slug=STOPS_DESK,
        title=_("stopped public notices"),
        role=Role.SECOND_REVIEWER,
        url=_url,
        may_handle=_may_resolve,
    )
)
register(
    Desk(
        slug=APPEALS_DESK,
        title=_("appeals"),
        role=Role.SECOND_REVIEWER,
        url=_url,
        may_handle=_may_decide_appeal,
    )
)
register(
    Desk(
        slug=DIRECT_DESK,
        title=_("direct issues to confirm"),
        role=Role.ISSUER,
        url=_direct_url,
        may_handle=_may_decide_direct,
    )
)
