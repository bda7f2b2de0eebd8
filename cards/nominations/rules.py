"""Who may do what with nominations: pure predicates, shared by API, pages, files and operations.

A predicate costs no query if the nomination came from a queryset with `with_parties()` or `for_one()`; who is too near
to a person costs one.
"""

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cards.nominations.choices import (
    EDITABLE,
    ENDED,
    LIVE,
    PAST_REVIEWS,
    STATUS_OF_STEP,
    NominationStatus,
    Step,
)
from cards.nominations.models import (
    Appeal,
    IntegrityCheck,
    IntegrityRuling,
    Nomination,
    Objection,
    Question,
    Recusal,
    SuspectedDuplicate,
)
from cards.nominations.nearness import is_too_near
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.rules import Actor, decides, has_role, is_auditor
from talentcard.casework import desks
from talentcard.casework import rules as casework

ROLE_OF_STEP = {Step.PRELIMINARY: Role.PRELIMINARY_REVIEWER, Step.SECOND: Role.SECOND_REVIEWER}


def nominating_organisation(user: Actor) -> UUID | None:
    """Return the organisation a user nominates for, or None if for none."""
    organisation: UUID | None = getattr(user, "organisation_id", None)
    return organisation if has_role(user, Role.NOMINATOR) else None


def may_nominate(user: Actor) -> bool:
    """Tell whether a user nominates for an organisation."""
    return nominating_organisation(user) is not None


def is_reviewer(user: Actor) -> bool:
    """Tell whether a user reviews nominations at all."""
    return has_role(user, Role.PRELIMINARY_REVIEWER) or has_role(user, Role.SECOND_REVIEWER)


def is_nominator_of(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a nomination is of the user's own organisation, for which they nominate."""
    return nominating_organisation(user) == nomination.nominator_id


def files(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user files a nomination: prepares it, hands it in, answers what is asked of it."""
    return is_nominator_of(user, nomination) or is_window_of(user, nomination)


def is_window_clerk(user: Actor) -> bool:
    """Tell whether a user files for others at an office's window."""
    return getattr(user, "organisation_id", None) is not None and has_role(user, Role.WINDOW_CLERK)


def may_file_in(user: Actor, district: str) -> bool:
    """Tell whether a user files for others in a district or park."""
    return is_window_clerk(user) and has_role(user, Role.WINDOW_CLERK, district=district)


def is_window_of(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a nomination was filed at the window of the user's own office, within the user's scope."""
    office = nomination.office_id
    return (
        office is not None
        and getattr(user, "organisation_id", None) == office
        and may_file_in(user, nomination.district)
    )


def may_read_source(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read by which way, and through whom, a case came in: its own side and officers."""
    return files(user, nomination) or reads_as_officer(user, nomination)


def reads_as_officer(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user reads everything of a case: officers of its scope, and the auditor."""
    return is_auditor(user) or may_recuse(user, nomination)


def _reads_step(user: Actor, nomination: Nomination, step: Step) -> bool:
    # An authority reads on what it has delegated.
    is_assigned = has_role(user, ROLE_OF_STEP[step], district=nomination.district, tier=nomination.tier.code)
    return is_assigned or in_scope(user, nomination, step)


def is_nominee(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a nomination is of the user in person, by whichever record of theirs; one query a user object."""
    own: Talent | None = getattr(user, "talent", None)
    return own is not None and own.person_id == nomination.talent.person_id


def in_scope(user: Actor, nomination: Nomination, step: Step) -> bool:
    """Tell whether a step of a nomination is a user's to decide.

    By their assignment as its reviewer, unless their office has delegated it; because it is delegated to their office;
    or because they took the case on while it was theirs.
    """
    role, item = ROLE_OF_STEP[step], nomination.item
    if decides(user, role, district=nomination.district, tier=nomination.tier.code):
        return True
    return item is not None and desks.get(item.desk).role == role and casework.covers(user, item)


def may_edit(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may change a nomination: its own side, as a draft or returned."""
    return nomination.status in EDITABLE and files(user, nomination)


def may_withdraw(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may withdraw a nomination: its own side, until it is decided, and not under appeal."""
    is_undecided = nomination.status in {NominationStatus.DRAFT, *LIVE} - {NominationStatus.APPEALED}
    return is_undecided and files(user, nomination)


def has_conflict(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user is too near to a case to decide it.

    That is who filed it, the nominee in person, whoever works for the nominator, the nominee's employer or the office
    whose window filed it, and whoever has declared a tie to the nominee.
    """
    if user is None or nomination.filed_by_id == user.pk:
        return True
    own = getattr(user, "organisation_id", None)
    if own is not None and own in (nomination.nominator_id, nomination.employer_id, nomination.office_id):
        return True
    return is_too_near(user, nomination.talent)


def may_recuse(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may declare that they are too near to a case's nominee: an officer of the case's scope."""
    return any(_reads_step(user, nomination, step) for step in Step)


def may_withdraw_recusal(user: Actor, recusal: Recusal) -> bool:
    """Tell whether a user may end a recusal: the head of the officer's office, and nobody their own."""
    return user is not None and recusal.officer_id != user.pk and casework.is_head_of(user, recusal.officer)


def has_reviewed_other_step(user: Actor, nomination: Nomination, step: Step) -> bool:
    """Tell whether a user has had a say in the case's other review, in this round or before."""
    return user is not None and nomination.reviews.exclude(step=step).filter(reviewer=user.pk).exists()


def refusers_of(nomination: Nomination) -> set[UUID]:
    """Return who made the refusal of a case that an appeal was lodged against; one query, or none."""
    if appeal_of(nomination) is None:
        return set()
    refusals = nomination.transitions.filter(to_status=NominationStatus.REJECTED)
    actors = refusals.exclude(from_status=NominationStatus.APPEALED).values_list("actor", flat=True)
    return {pk for pk in actors if pk is not None}


def has_refused(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user had a part in the refusal of a case that an appeal was lodged against."""
    return user is not None and user.pk in refusers_of(nomination)


def handlers_of(nomination: Nomination) -> set[UUID]:
    """Return who has had any say in a case, in one query.

    That is a step, a question, an objection, or a decision about its nominee's identity or integrity.
    """
    actors = nomination.transitions.order_by().values_list("actor")
    resolvers = Objection.objects.filter(notice__nomination=nomination).order_by().values_list("resolved_by")
    pairs = SuspectedDuplicate.objects.filter(Q(first=nomination.talent_id) | Q(second=nomination.talent_id))
    verdicts = pairs.order_by().values_list("decided_by")
    checks = IntegrityCheck.objects.filter(nomination=nomination).order_by().values_list("checked_by")
    rulings = IntegrityRuling.objects.filter(nomination=nomination).order_by().values_list("decided_by")
    askers = nomination.questions.order_by().values_list("asked_by")
    return {pk for (pk,) in actors.union(resolvers, verdicts, checks, rulings, askers) if pk is not None}


def has_handled(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user has had any say in a case."""
    return user is not None and user.pk in handlers_of(nomination)


def may_review(user: Actor, nomination: Nomination, step: Step) -> bool:
    """Tell whether a user may decide a step of a case that waits for it."""
    return (
        nomination.status == STATUS_OF_STEP[step]
        and in_scope(user, nomination, step)
        and not has_conflict(user, nomination)
        and not has_reviewed_other_step(user, nomination, step)
        and not has_refused(user, nomination)
    )


def may_read_exchange(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read what officers ask and the nominator answers and corrects: its own side, officers.

    Not its nominee, unless they file it themselves, nor officers who are too near.
    """
    if files(user, nomination):
        return True
    return may_read_obstacles(user, nomination) and not is_nominee(user, nomination)


def may_take_back(user: Actor, nomination: Nomination, question: Question) -> bool:
    """Tell whether a user may take a question back: whoever may decide the review it was asked for."""
    return may_review(user, nomination, Step(question.step))


def may_handle_objections(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may resolve what is objected to a case."""
    return (
        in_scope(user, nomination, Step.SECOND)
        and not has_conflict(user, nomination)
        and not has_refused(user, nomination)
    )


def may_read_objections(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read objections: the officers of the second review, and the auditor."""
    is_officer = _reads_step(user, nomination, Step.SECOND) and not has_conflict(user, nomination)
    return is_auditor(user) or is_officer


def may_read_obstacles(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read what stops a case: officers of its scope who are not too near, and the auditor."""
    return is_auditor(user) or (reads_as_officer(user, nomination) and not has_conflict(user, nomination))


def may_settle(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may decide about what stops a case: the officers of the review or notice where it stands."""
    at_second = nomination.status in (NominationStatus.SECOND_REVIEW, *PAST_REVIEWS)
    step = Step.SECOND if at_second else Step.PRELIMINARY
    is_in_hand = at_second or nomination.status == NominationStatus.SUBMITTED
    is_fit = in_scope(user, nomination, step) and not has_conflict(user, nomination)
    return is_in_hand and is_fit and not has_refused(user, nomination)


def may_read_answers(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read what experts and the nominee wrote: who may read what stops the case."""
    return may_read_obstacles(user, nomination)


def may_read_contact(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may read how a case says its nominee is reached: officers of its scope, and the auditor."""
    return reads_as_officer(user, nomination)


def may_read_evidence(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user who sees a case may open its documents: everybody but its nominee."""
    return not is_nominee(user, nomination) and (files(user, nomination) or reads_as_officer(user, nomination))


def may_read_all_decisions(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user who sees a case reads every decision about it: everybody but its nominee."""
    return is_nominator_of(user, nomination) or not is_nominee(user, nomination)


def appeal_of(nomination: Nomination) -> Appeal | None:
    """Return the appeal that was lodged against a case's refusal."""
    appeal: Appeal | None = getattr(nomination, "appeal", None)
    return appeal


def last_appeal_day(nomination: Nomination) -> dt.date | None:
    """Return until when a rejected case may be appealed; None where it may not."""
    days = nomination.policy.appeal_days
    if not days or nomination.decided_at is None or appeal_of(nomination) is not None:
        return None
    return timezone.localdate(nomination.decided_at) + dt.timedelta(days=days)


def is_party(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a case is the user's as its nominator or its nominee."""
    return is_nominator_of(user, nomination) or (is_nominee(user, nomination) and nomination.submitted_at is not None)


def acts_for_a_party(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user is a case's nominator or nominee, or stands at the window it was filed at for them."""
    return is_party(user, nomination) or is_window_of(user, nomination)


def may_rate(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user was served with a case that has ended: its parties, and the clerk who filed it for them."""
    return nomination.status in ENDED and acts_for_a_party(user, nomination)


def may_appeal(user: Actor, nomination: Nomination, *, at: dt.datetime) -> bool:
    """Tell whether a user may appeal against a case's refusal now: its parties, or their window, once, in time."""
    last_day = last_appeal_day(nomination)
    return (
        nomination.status == NominationStatus.REJECTED
        and last_day is not None
        and timezone.localdate(at) <= last_day
        and acts_for_a_party(user, nomination)
    )


def may_decide_appeal(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user may decide the appeal that a case waits with: nobody who has handled it before."""
    return (
        nomination.status == NominationStatus.APPEALED
        and in_scope(user, nomination, Step.SECOND)
        and not has_conflict(user, nomination)
        and not has_handled(user, nomination)
    )


def may_read_appeal(user: Actor, nomination: Nomination) -> bool:
    """Tell whether a user who sees a case may read what its appeal says: the side that lodged it, and officers."""
    appeal = appeal_of(nomination)
    if appeal is None or user is None:
        return False
    is_nominees = appeal.lodged_by_id == nomination.talent.user_id
    if appeal.lodged_by_id == user.pk or (files(user, nomination) and not is_nominees):
        return True
    return reads_as_officer(user, nomination) and not is_party(user, nomination)
