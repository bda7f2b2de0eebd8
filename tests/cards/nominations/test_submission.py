import dataclasses
import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import operations, queries
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, StepLimit, Transition
from cards.nominations.operations.drafts import BasisFixed, NotEditable
from cards.nominations.operations.submission import PersonHasLiveCard, PersonHasLiveNomination
from cards.nominations.operations.transitions import TransitionNotAllowed, move
from cards.talents.models import Talent
from cards.talents.operations import IdentityInput, IdentityMismatch
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.nominations import (
    make_draft,
    make_passed,
    make_policy,
    make_second_review,
    make_submitted,
    nominee_input,
    upload,
)

# A Wednesday; 5 working days later is the Wednesday after, 3 the Monday.
WEDNESDAY = dt.datetime(2026, 6, 3, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def told(event: str) -> set[str]:
    return set(Message.objects.filter(event=event).values_list("recipient__username", flat=True))


def test_numbers_count_within_the_year(policy: PolicyVersion, nominator: User) -> None:
    numbers = [make_draft(nominator, at=WEDNESDAY).number for _ in range(2)]
    later = make_draft(nominator, at=WEDNESDAY + dt.timedelta(days=300), with_evidence=False)

    assert [*numbers, later.number] == ["JJ2026-000001", "JJ2026-000002", "JJ2027-000001"]


def test_submit_sets_the_deadline_in_working_days_and_tells_everybody(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    nomination = make_submitted(nominator, at=WEDNESDAY)

    assert nomination.due_at is not None
    assert timezone.localtime(nomination.due_at).date() == dt.date(2026, 6, 10)
    nominee = Talent.objects.get().user
    assert nominee is not None
    assert told("nomination.nominee_told") == {nominee.username}
    assert told("nomination.submitted") == {"nominator"}
    assert told("nomination.waits_preliminary") == {"preliminary"}
    actions = AuditEvent.objects.filter(target_id=str(nomination.pk)).values_list("action", flat=True)
    assert list(actions) == ["nomination.draft", "nomination.evidence_attached", "nomination.submitted"]


def test_submit_sets_no_deadline_where_the_policy_has_none(policy: PolicyVersion, nominator: User) -> None:
    StepLimit.objects.all().delete()

    assert make_submitted(nominator).due_at is None


def test_submit_keeps_the_policy_of_the_first_submission(
    submitted: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    now = timezone.now()
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=submitted,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="statement", note="补")],
        at=now,
    )
    newer = make_policy(number=2)

    with pytest.raises(BasisFixed):
        operations.update_draft(actor=nominator, nomination=submitted, basis=newer.bases.get(code="laboratory"), at=now)
    assert operations.submit(actor=nominator, nomination=submitted, at=now).policy.number == 1


def test_submit_refuses_a_draft_of_an_older_policy(draft: Nomination, nominator: User) -> None:
    make_policy(number=2)

    with pytest.raises(InvalidInput) as caught:
        operations.submit(actor=nominator, nomination=draft, at=timezone.now())

    assert [error.code for error in caught.value.errors] == ["policy_not_in_force"]


def test_submit_refuses_a_person_nominated_elsewhere_and_never_says_where(
    policy: PolicyVersion, nominator: User, other_nominator: User
) -> None:
    nominee = nominee_input()
    first = make_submitted(nominator, nominee=nominee)
    second = make_draft(other_nominator, nominee=nominee)

    with pytest.raises(PersonHasLiveNomination) as caught:
        operations.submit(actor=other_nominator, nomination=second, at=timezone.now())

    organisation = nominator.organisation
    assert organisation is not None
    said = str(caught.value.as_dict())
    assert not any(word in said for word in (first.number, organisation.name_zh, organisation.name_en))
    second.refresh_from_db()
    assert (second.status, second.round) == (NominationStatus.DRAFT, 0)


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_the_account_goes_to_the_address_of_who_submits(
    is_withdrawn: bool, draft: Nomination, nominator: User, other_nominator: User
) -> None:
    now = timezone.now()
    document = draft.talent.identity_documents.get()
    nominee = nominee_input(
        name=draft.talent.name,
        identity=IdentityInput(kind=document.kind, number=document.number),
        email="right@example.com",
    )
    if is_withdrawn:
        operations.withdraw(actor=nominator, nomination=draft, at=now)

    later = make_draft(other_nominator, nominee=dataclasses.replace(nominee, email="mistyped@example.com"))
    operations.correct_nominee_contact(
        actor=other_nominator, nomination=later, phone=nominee.phone, email=nominee.email, address="", at=now
    )
    operations.submit(actor=other_nominator, nomination=later, at=now)

    talent = Talent.objects.get()
    assert talent.user is not None
    assert (talent.user.email, talent.email, talent.phone) == (nominee.email, nominee.email, nominee.phone)


def test_a_draft_says_nothing_of_the_contact_to_the_registry(draft: Nomination, nominator: User) -> None:
    operations.correct_nominee_contact(
        actor=nominator, nomination=draft, phone="1", email="other@example.com", address="示例路1号", at=timezone.now()
    )

    talent = Talent.objects.get()
    draft.refresh_from_db()
    assert (talent.phone, talent.email, talent.address) == ("", "", "")
    assert (draft.phone, draft.email, draft.address) == ("1", "other@example.com", "示例路1号")


@pytest.mark.parametrize(("has_account", "kept"), [(True, "first@example.com"), (False, "second@example.com")])
def test_a_resubmission_changes_the_contact_only_of_a_person_without_an_account(
    has_account: bool, kept: str, policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    now = timezone.now()
    nomination = make_submitted(nominator, nominee=nominee_input(email="first@example.com"))
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="email", note="补")],
        at=now,
    )
    if not has_account:
        Talent.objects.update(user=None)

    operations.correct_nominee_contact(
        actor=nominator, nomination=nomination, phone="", email="second@example.com", address="", at=now
    )
    operations.submit(actor=nominator, nomination=nomination, at=now)

    talent = Talent.objects.get()
    assert talent.user is not None
    assert (talent.email, talent.user.email) == (kept, kept)


def test_submit_refuses_a_holder(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    nominee = nominee_input()
    approved = make_passed(nominator, preliminary_reviewer, second_reviewer, nominee=nominee, basis="postdoc", tier="C")
    again = make_draft(other_nominator, nominee=nominee)

    with pytest.raises(PersonHasLiveCard):
        operations.submit(actor=other_nominator, nomination=again, at=timezone.now())

    assert approved.status == NominationStatus.APPROVED


def test_a_refused_person_can_be_nominated_again(
    submitted: Nomination, other_nominator: User, preliminary_reviewer: User
) -> None:
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=submitted,
        outcome=Outcome.REJECT,
        reason="不符合条件",
        at=timezone.now(),
    )
    document = submitted.talent.identity_documents.get()
    nominee = nominee_input(name=submitted.talent.name)
    again = nominee_input(
        name=nominee.name, identity=type(nominee.identity)(kind=document.kind, number=document.number)
    )

    assert make_submitted(other_nominator, nominee=again).status == NominationStatus.SUBMITTED


def test_the_database_itself_refuses_a_second_live_nomination(
    submitted: Nomination, other_nominator: User, policy: PolicyVersion
) -> None:
    with pytest.raises(IntegrityError):
        Nomination.objects.create(
            number="JJ2026-999999",
            nominator=other_nominator.organisation,
            filed_by=other_nominator,
            talent=submitted.talent,
            basis=submitted.basis,
            tier=submitted.tier,
            district="binhai",
            status=NominationStatus.SUBMITTED,
            submitted_at=timezone.now(),
        )


def test_a_known_document_under_another_name_is_refused(submitted: Nomination, other_nominator: User) -> None:
    document = submitted.talent.identity_documents.get()
    nominee = nominee_input(name="冒名")
    stranger = nominee_input(name="冒名", identity=type(nominee.identity)(kind=document.kind, number=document.number))

    with pytest.raises(IdentityMismatch):
        make_draft(other_nominator, nominee=stranger)

    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("ending", ["submitted", "withdrawn"])
def test_what_left_the_nominator_cannot_be_changed(draft: Nomination, nominator: User, ending: str) -> None:
    now = timezone.now()
    getattr(operations, {"submitted": "submit", "withdrawn": "withdraw"}[ending])(
        actor=nominator, nomination=draft, at=now
    )
    evidence = draft.evidence.get()

    for attempt in (
        partial(operations.update_draft, nomination=draft, statement="改"),
        partial(operations.correct_nominee_contact, nomination=draft, phone="", email="", address=""),
        partial(operations.attach_evidence, nomination=draft, upload=upload()),
        partial(operations.remove_evidence, evidence=evidence),
        partial(operations.submit, nomination=draft),
    ):
        with pytest.raises(NotEditable):
            attempt(actor=nominator, at=now)
    assert (Document.objects.count(), draft.evidence.count()) == (1, 1)


def test_withdraw_ends_a_notice_and_tells_both_sides(under_notice: Nomination, nominator: User) -> None:
    operations.withdraw(actor=nominator, nomination=under_notice, at=timezone.now())

    assert list(queries.open_notices(at=timezone.now())) == []
    nominee = Talent.objects.get().user
    assert nominee is not None
    assert told("nomination.withdrawn") == {"nominator", nominee.username}
    with pytest.raises(TransitionNotAllowed):
        operations.withdraw(actor=nominator, nomination=under_notice, at=timezone.now())


def test_an_abandoned_draft_is_nobody_elses_business(
    draft: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    operations.withdraw(actor=nominator, nomination=draft, at=timezone.now())

    assert not queries.visible_to(preliminary_reviewer).exists()
    assert not Message.objects.exists()


def test_withdraw_is_for_its_own_side(submitted: Nomination, other_nominator: User) -> None:
    with pytest.raises(NotAllowed):
        operations.withdraw(actor=other_nominator, nomination=submitted, at=timezone.now())


def test_move_notes_each_transition_once(submitted: Nomination) -> None:
    stale = Nomination.objects.get(pk=submitted.pk)
    move(nomination=submitted, to=NominationStatus.SECOND_REVIEW, actor=None, at=timezone.now())

    # A copy read before the row moved finds nothing to move.
    with pytest.raises(TransitionNotAllowed):
        move(nomination=stale, to=NominationStatus.REJECTED, actor=None, at=timezone.now())

    assert Transition.objects.filter(to_status=NominationStatus.SECOND_REVIEW).count() == 1
    assert AuditEvent.objects.filter(action="nomination.second_review").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_nominators_of_one_person_at_once_make_one_live_nomination(nominator: User, other_nominator: User) -> None:
    make_policy()
    nominee = nominee_input()
    drafts = [(user, make_draft(user, nominee=nominee)) for user in (nominator, other_nominator)]

    def submit(user: User, nomination: Nomination) -> str:
        try:
            return operations.submit(actor=user, nomination=nomination, at=timezone.now()).status
        except DomainError as error:
            return error.code

    outcomes = at_once([partial(submit, user, nomination) for user, nomination in drafts])

    assert sorted(outcomes) == ["person_has_live_nomination", "submitted"]
    assert Nomination.objects.live().count() == 1
    assert User.objects.filter(talent__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_entered_twice_at_once_is_one_person(nominator: User, other_nominator: User) -> None:
    make_policy()
    nominee = nominee_input()

    at_once([partial(make_draft, user, nominee=nominee) for user in (nominator, other_nominator)])

    assert (Talent.objects.count(), Nomination.objects.count()) == (1, 2)


def test_preliminary_deadline_gives_way_to_the_second(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    nomination = make_second_review(nominator, preliminary_reviewer, at=WEDNESDAY)

    assert nomination.due_at is not None
    assert timezone.localtime(nomination.due_at).date() == dt.date(2026, 6, 8)
    assert nomination.reviews.get().step == Step.PRELIMINARY
