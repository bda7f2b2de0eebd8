"""Read nominations across relations."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.nominations import rules
from cards.nominations.choices import LIVE, NominationStatus, ObjectionStatus, Step
from cards.nominations.models import (
    CreditClass,
    Nomination,
    NominationQuerySet,
    NominatorProfile,
    NominatorYear,
    Objection,
    PublicNotice,
    Review,
    Transition,
)
from cards.talents.models import District, Employment
from talentcard.accounts.models import Organisation, User
from talentcard.accounts.rules import Actor, assignments, is_auditor, is_head
from talentcard.casework import queries as casework
from talentcard.casework.models import WorkItem
from talentcard.core.errors import DomainError

# A basis of these routes is open to nominators; the others lead to a card without a nomination.
NOMINATION_ROUTES = (Route.RECOMMENDATION, Route.RECOMMENDATION_WITHOUT_NOTICE)


class PolicyMissing(DomainError):
    """No policy version is in force: an administrator has yet to enter one."""

    code = "policy_missing"
    message = _("No policy is in force yet.")
    http_status = 404


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """A step in a case's history, as one audience may read it.

    `actor` is empty where the audience is not told who; `missing` holds objects with `field` and `note`.
    """

    at: dt.datetime
    status: NominationStatus
    actor: str
    reason: str
    missing: list[dict[str, str]]

    @property
    def label(self) -> str:
        """Return the status's name in the active language."""
        return str(self.status.label)


def policy_in_force(*, at: dt.datetime) -> PolicyVersion | None:
    """Return the policy version new cases are filed under."""
    return PolicyVersion.objects.filter(effective_from__lte=at).order_by("-number").first()


def open_bases(at: dt.datetime) -> QuerySet[Basis]:
    """Return the bases of the policy in force on which a nominator may nominate, with their tiers."""
    bases = Basis.objects.filter(policy=policy_in_force(at=at), route__in=NOMINATION_ROUTES)
    return bases.select_related("policy").prefetch_related("tiers")


def open_tiers(at: dt.datetime) -> QuerySet[Tier]:
    """Return the tiers of the policy in force."""
    return Tier.objects.filter(policy=policy_in_force(at=at))


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a policy grants a nominator: the yearly limit after its credit class."""

    credit_class: str
    may_nominate: bool
    limit: int


def grant_of(organisation_id: Any, *, policy: PolicyVersion) -> Grant | None:
    """Return what an organisation may nominate in a year, or None if the bureau has granted it nothing."""
    profile = NominatorProfile.objects.filter(organisation=organisation_id).first()
    if profile is None:
        return None
    entry = CreditClass.objects.filter(policy=policy, code=profile.credit_class).first()
    if entry is None:
        return Grant(credit_class=profile.credit_class, may_nominate=False, limit=0)
    limit = profile.yearly_quota * entry.quota_percent // 100
    return Grant(credit_class=entry.code, may_nominate=entry.may_nominate, limit=limit)


def quota_overview(organisation_id: Any, *, at: dt.datetime) -> dict[str, Any] | None:
    """Return a nominator's year, limit and what is used and left of it; None without a policy or a grant."""
    policy = policy_in_force(at=at)
    grant = grant_of(organisation_id, policy=policy) if policy else None
    if grant is None:
        return None
    year = timezone.localdate(at).year
    account = NominatorYear.objects.filter(organisation=organisation_id, year=year).first()
    used = account.used if account else 0
    limit = grant.limit if grant.may_nominate else 0
    return {"year": year, "limit": limit, "used": used, "left": max(0, limit - used)}


def find_employer(*, name: str, credit_code: str = "") -> Organisation | None:
    """Return the organisation with this credit code, or, without one, the only one of exactly this name."""
    if credit_code:
        return Organisation.objects.filter(credit_code=credit_code.strip().upper()).first()
    if not name:
        return None
    found = list(Organisation.objects.filter(Q(name_zh=name) | Q(name_en=name))[:2])
    return found[0] if len(found) == 1 else None


def visible_to(user: Actor) -> NominationQuerySet:
    """Return the nominations a user may read.

    A nominator: those of the own organisation. Reviewers: those filed in their scope, for the second review from that
    step on. The head of an office: those that wait there. A nominee: the own. An auditor: all.
    """
    nominations = Nomination.objects.with_parties()
    if is_auditor(user):
        return nominations
    if user is None or not user.is_authenticated:
        return nominations.none()
    seen = Q(talent__user=user.pk, submitted_at__isnull=False)
    if organisation := rules.nominating_organisation(user):
        seen |= Q(nominator=organisation)
    seen |= _scope(user, Step.PRELIMINARY) & Q(submitted_at__isnull=False)
    reached = Transition.objects.filter(nomination=OuterRef("pk"), to_status=NominationStatus.SECOND_REVIEW)
    if assignments(user, rules.ROLE_OF_STEP[Step.SECOND]):
        seen |= _scope(user, Step.SECOND) & Q(Exists(reached))
    if isinstance(user, User) and is_head(user):
        seen |= Q(item__in=casework.of_office(user, at=timezone.now()).order_by())
    return nominations.filter(seen)


def inbox(user: Actor, *, at: dt.datetime) -> NominationQuerySet:
    """Return what waits for a user, the nearest deadline first.

    For reviewers without the cases they may not decide or a colleague has; for nominators what was returned to them.
    """
    if user is None or not user.is_authenticated:
        return Nomination.objects.none()
    waiting = _decidable(user, casework.inbox(user, at=at))
    if organisation := rules.nominating_organisation(user):
        waiting |= Q(status=NominationStatus.RETURNED, nominator=organisation)
    return _by_deadline(waiting)


def held_by_others(user: Actor, *, at: dt.datetime) -> NominationQuerySet:
    """Return what a reviewer might decide if a colleague did not have it."""
    if user is None or not user.is_authenticated:
        return Nomination.objects.none()
    return _by_deadline(_decidable(user, casework.held_by_others(user, at=at)))


def open_notices() -> QuerySet[PublicNotice]:
    """Return the notices the public may read; nobody under secrecy is among them."""
    notices = PublicNotice.objects.filter(ended_at=None, nomination__talent__is_secret=False)
    return notices.select_related(
        "nomination__talent", "nomination__employer", "nomination__basis", "nomination__tier", "nomination__nominator"
    )


def open_objections(notice: PublicNotice) -> QuerySet[Objection]:
    """Return the objections that stop a notice's clock."""
    return notice.objections.filter(status=ObjectionStatus.OPEN)


def timeline(nomination: Nomination, user: Actor) -> list[TimelineEntry]:
    """Return a case's history as a user may read it: two queries.

    Officers read all; the nominator reads everything but who decided; the nominee reads the steps alone, and the
    reason of a rejection.
    """
    reviews = {(review.decided_at, review.reviewer_id): review for review in nomination.reviews.all()}
    is_officer = is_auditor(user) or any(rules.in_scope(user, nomination, step) for step in Step)
    is_nominator = rules.is_nominator_of(user, nomination)
    entries = []
    for step in nomination.transitions.select_related("actor"):
        review = reviews.get((step.at, step.actor_id)) if step.actor_id else None
        status = NominationStatus(step.to_status)
        if status == NominationStatus.DRAFT and not (is_officer or is_nominator):
            continue
        told = is_officer or is_nominator or status == NominationStatus.REJECTED
        is_own = is_nominator and step.actor is not None and step.actor.organisation_id == nomination.nominator_id
        entries.append(
            TimelineEntry(
                at=step.at,
                status=status,
                actor=str(step.actor) if step.actor and (is_officer or is_own) else "",
                reason=review.reason if review and told else "",
                missing=review.missing if review and (is_officer or is_nominator) else [],
            )
        )
    return entries


def last_return(nomination: Nomination) -> Review | None:
    """Return the review that sent a case back, while it waits for its correction."""
    if nomination.status != NominationStatus.RETURNED:
        return None
    return nomination.reviews.filter(outcome="return").order_by("-decided_at").first()


def legal_ground(nomination: Nomination) -> str:
    """Return the legal ground of the policy version a case keeps, in the active language."""
    return ground_of(nomination.policy)


def ground_of(policy: PolicyVersion) -> str:
    """Return a policy version's legal ground in the active language."""
    is_chinese = (get_language() or "").startswith("zh")
    return policy.legal_ground_zh if is_chinese else policy.legal_ground_en


def policy_overview(*, at: dt.datetime) -> dict[str, Any]:
    """Return what a nominator chooses from: bases with their tiers, tiers, districts.

    :raises PolicyMissing: if no policy is in force
    """
    policy = policy_in_force(at=at)
    if policy is None:
        raise PolicyMissing
    return {
        "version": policy.number,
        "is_sample": policy.is_sample,
        "legal_ground": ground_of(policy),
        "bases": [
            {
                "code": basis.code,
                "name": basis.name,
                "route": basis.route,
                "notice_working_days": basis.notice_working_days,
                "tiers": list(basis.tiers.all()),
            }
            for basis in open_bases(at)
        ],
        "tiers": list(open_tiers(at)),
        "districts": list(District.objects.all()),
    }


def notice_of(nomination: Nomination) -> PublicNotice | None:
    """Return a case's public notice, running or ended, or None if it never had one."""
    return PublicNotice.objects.filter(nomination=nomination).first()


def objections_to(nomination: Nomination) -> QuerySet[Objection]:
    """Return what was objected to a case, oldest first."""
    return Objection.objects.filter(notice__nomination=nomination)


def actions_open_to(user: Actor, nomination: Nomination) -> list[str]:
    """Return what a user may do with a case now, by the names of the operations."""
    actions = {
        "update_draft": rules.may_edit(user, nomination),
        "submit": rules.may_edit(user, nomination),
        "withdraw": rules.may_withdraw(user, nomination),
        "review_preliminary": rules.may_review(user, nomination, Step.PRELIMINARY),
        "review_second": rules.may_review(user, nomination, Step.SECOND),
        "resolve_objection": nomination.status == NominationStatus.PUBLIC_NOTICE
        and rules.may_handle_objections(user, nomination)
        and objections_to(nomination).filter(status=ObjectionStatus.OPEN).exists(),
    }
    return [name for name, is_open in actions.items() if is_open]


def has_live_nomination(talent_id: Any, *, besides: Any = None) -> bool:
    """Tell whether a person has a live nomination, whoever filed it."""
    return Nomination.objects.filter(talent=talent_id, status__in=LIVE).exclude(pk=besides).exists()


def _scope(user: Actor, step: Step) -> Q:
    """Return the condition that a user's assignments as reviewer of a step cover a nomination; none: nothing."""
    covered = Q(pk__in=[])
    for entry in assignments(user, rules.ROLE_OF_STEP[step]):
        part = Q()
        if entry.district:
            part &= Q(district=entry.district)
        if entry.tier:
            part &= Q(tier__code=entry.tier)
        if not part:
            return Q(pk__isnull=False)
        covered |= part
    return covered


def _by_deadline(waiting: Q) -> NominationQuerySet:
    cases = Nomination.objects.with_parties().filter(waiting)
    return cases.order_by(F("item__due_at").asc(nulls_last=True), "created_at", "id")


def _decidable(user: Any, items: QuerySet[WorkItem]) -> Q:
    # Mirrors rules.may_review and rules.may_handle_objections, for many at once.
    decided = Review.objects.filter(nomination=OuterRef("pk"), reviewer=user.pk)
    other_step = Q(pk__in=[])
    for step in Step:
        other_step |= Q(item__desk=step.desk) & Q(Exists(decided.exclude(step=step)))
    return Q(item__in=items.order_by()) & _without_conflict(user) & ~other_step


def _without_conflict(user: Any) -> Q:
    # Mirrors rules.has_conflict. Nullable columns: "not equal" must hold for NULL as well.
    free = ~Q(filed_by=user.pk) & (Q(talent__user=None) | ~Q(talent__user=user.pk))
    if user.organisation_id is None:
        return free
    colleague = Employment.objects.filter(talent=OuterRef("talent"), employer=user.organisation_id, until=None)
    return (
        free
        & ~Q(nominator=user.organisation_id)
        & (Q(employer=None) | ~Q(employer=user.organisation_id))
        & Q(~Exists(colleague))
    )


@dataclass(frozen=True)
class Room:
    """How many more documents a case takes, and how many more bytes; below zero where it holds too much."""

    count: int
    size: int


def room_for_evidence(nomination: Nomination) -> Room:
    """Return what a case still takes: one query. Ask under its lock before something is added."""
    return room_beside(nomination.evidence.values_list("document__size", flat=True))


def room_beside(sizes: Collection[int]) -> Room:
    """Return what a case still takes that holds documents of these sizes."""
    return Room(
        count=settings.DOCUMENTS_PER_CASE - len(sizes),
        size=settings.DOCUMENTS_PER_CASE_BYTES - sum(sizes),
    )
