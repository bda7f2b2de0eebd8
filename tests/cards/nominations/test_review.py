import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from cards.issuance.models import Award, PolicyVersion, TalentCard
from cards.nominations import operations, queries, rules
from cards.nominations.choices import NominationStatus, Outcome, Step
from cards.nominations.models import Nomination, Review, Transition
from cards.nominations.operations.approval import evidence_hash
from cards.nominations.operations.review import ConflictOfInterest, ReviewedOtherStep
from cards.nominations.operations.transitions import TransitionNotAllowed
from talentcard.accounts.choices import Role
from talentcard.accounts.models import RoleAssignment, User
from talentcard.audit.models import AuditEvent
from talentcard.casework.operations import TooManyAtOnce
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.notifications.models import Message
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import (
    make_draft,
    make_policy,
    make_second_review,
    make_submitted,
    nominee_input,
    upload,
)

NOW = timezone.now()
MISSING = [operations.MissingItem(field="evidence", note="缺聘书")]


def pass_first(actor: User, nomination: Nomination) -> Nomination:
    return operations.review_preliminary(actor=actor, nomination=nomination, outcome=Outcome.PASS, at=NOW)


def pass_second(actor: User, nomination: Nomination) -> Nomination:
    return operations.review_second(actor=actor, nomination=nomination, outcome=Outcome.PASS, agrees=True, at=NOW)


def test_preliminary_review_is_for_the_district_and_tier_of_the_assignment(
    policy: PolicyVersion, nominator: User
) -> None:
    nomination = make_submitted(nominator, district="hexi", tier="B")
    scopes = [{"district": "binhai"}, {"tier": "A"}, {"district": "hexi", "tier": "A"}]
    strangers = [give_role(UserFactory(), Role.PRELIMINARY_REVIEWER, **scope) for scope in scopes]

    for stranger in strangers:
        with pytest.raises(NotAllowed):
            pass_first(stranger, nomination)
        assert not queries.visible_to(stranger).exists()

    officer = give_role(UserFactory(), Role.PRELIMINARY_REVIEWER, district="hexi", tier="B")
    assert list(queries.inbox(officer, at=timezone.now())) == [nomination]
    assert pass_first(officer, nomination).status == NominationStatus.SECOND_REVIEW


def test_an_assignment_that_has_ended_opens_nothing(submitted: Nomination, preliminary_reviewer: User) -> None:
    RoleAssignment.objects.filter(user=preliminary_reviewer).update(valid_until=NOW - dt.timedelta(days=1))

    with pytest.raises(NotAllowed):
        pass_first(preliminary_reviewer, submitted)

    assert not queries.inbox(preliminary_reviewer, at=timezone.now()).exists()


def test_the_two_reviews_are_made_by_different_people(in_second_review: Nomination, preliminary_reviewer: User) -> None:
    give_role(preliminary_reviewer, Role.SECOND_REVIEWER)
    both = User.objects.get(pk=preliminary_reviewer.pk)

    with pytest.raises(ReviewedOtherStep):
        pass_second(both, in_second_review)

    assert not queries.inbox(both, at=timezone.now()).exists()
    assert not rules.may_review(both, in_second_review, Step.SECOND)


def test_a_second_reviewer_does_not_make_the_preliminary_review_after_a_return(
    in_second_review: Nomination, nominator: User, second_reviewer: User
) -> None:
    operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=MISSING,
        agrees=False,
        at=NOW,
    )
    operations.submit(actor=nominator, nomination=in_second_review, at=NOW)
    give_role(second_reviewer, Role.PRELIMINARY_REVIEWER)

    with pytest.raises(ReviewedOtherStep):
        pass_first(User.objects.get(pk=second_reviewer.pk), in_second_review)


@pytest.mark.parametrize("tie", ["filed_it", "nominators_own", "employers_own", "colleague", "nominee"])
def test_nobody_decides_a_case_they_are_too_near_to(
    policy: PolicyVersion, nominator: User, other_nominator: User, preliminary_reviewer: User, tie: str
) -> None:
    employer = other_nominator.organisation
    assert employer is not None
    nomination = make_submitted(nominator, nominee=nominee_input(employer_name=employer.name_zh))
    reviewer = {
        "filed_it": nominator,
        "nominators_own": UserFactory(organisation=nominator.organisation),
        "employers_own": UserFactory(organisation=employer),
        "colleague": UserFactory(organisation=employer),
        "nominee": nomination.talent.user or User.objects.get(talent=nomination.talent),
    }[tie]
    if tie == "colleague":
        # The case names another employer than the registry.
        Nomination.objects.filter(pk=nomination.pk).update(employer=None, employer_name="别的单位")
    # Read again: a user object keeps the roles it was first asked for.
    reviewer = User.objects.get(pk=give_role(reviewer, Role.PRELIMINARY_REVIEWER).pk)

    with pytest.raises(ConflictOfInterest):
        pass_first(reviewer, nomination)

    assert not queries.inbox(reviewer, at=timezone.now()).filter(status=NominationStatus.SUBMITTED).exists()
    assert Review.objects.count() == 0
    assert queries.inbox(preliminary_reviewer, at=timezone.now()).exists()


def test_a_review_waits_for_its_step(submitted: Nomination, preliminary_reviewer: User, second_reviewer: User) -> None:
    with pytest.raises(TransitionNotAllowed):
        pass_second(second_reviewer, submitted)
    pass_first(preliminary_reviewer, submitted)
    with pytest.raises(TransitionNotAllowed):
        pass_first(preliminary_reviewer, submitted)

    assert list(Review.objects.values_list("step", flat=True)) == [Step.PRELIMINARY]


def test_a_return_stops_the_clock_and_tells_each_side_its_part(
    submitted: Nomination, preliminary_reviewer: User
) -> None:
    operations.review_preliminary(
        actor=preliminary_reviewer,
        nomination=submitted,
        outcome=Outcome.RETURN,
        reason="材料不全",
        missing=MISSING,
        at=NOW,
    )

    submitted.refresh_from_db()
    assert (submitted.status, submitted.due_at) == (NominationStatus.RETURNED, None)
    returned = queries.last_return(submitted)
    assert returned is not None
    assert returned.missing == [{"field": "evidence", "note": "缺聘书"}]
    events = Message.objects.filter(event__startswith="nomination.returned").values_list("event", "recipient__username")
    nominee = User.objects.get(talent=submitted.talent)
    assert set(events) == {
        ("nomination.returned", "nominator"),
        ("nomination.returned_nominee", nominee.username),
    }


def test_a_rejection_ends_the_case_and_leaves_nothing_usable(
    in_second_review: Nomination, second_reviewer: User
) -> None:
    operations.review_second(
        actor=second_reviewer,
        nomination=in_second_review,
        outcome=Outcome.REJECT,
        reason="不符合条件",
        agrees=False,
        at=NOW,
    )

    in_second_review.refresh_from_db()
    assert (in_second_review.status, in_second_review.decided_at) == (NominationStatus.REJECTED, NOW)
    assert (Award.objects.count(), TalentCard.objects.count()) == (0, 0)
    assert Message.objects.filter(event="nomination.rejected").count() == 2


def test_a_basis_without_notice_leads_straight_to_the_card(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    draft = make_draft(nominator, basis="postdoc", tier="C")
    operations.attach_evidence(actor=nominator, nomination=draft, upload=upload(), at=NOW)
    operations.submit(actor=nominator, nomination=draft, at=NOW)
    pass_first(preliminary_reviewer, draft)

    approved = pass_second(second_reviewer, draft)

    award = Award.objects.get()
    assert approved.status == NominationStatus.APPROVED
    assert (award.case_id, award.holder, award.route) == (
        draft.pk,
        draft.talent,
        "recommendation_without_notice",
    )
    assert award.evidence_hash == evidence_hash(draft)
    assert Message.objects.filter(event="nomination.approved").count() == 2


def test_the_evidence_hash_does_not_depend_on_the_order_of_documents(policy: PolicyVersion, nominator: User) -> None:
    pdfs = [b"%PDF-1.4\none\n%%EOF\n", b"%PDF-1.4\ntwo\n%%EOF\n"]
    hashes = []
    for contents in (pdfs, pdfs[::-1]):
        draft = make_draft(nominator, with_evidence=False)
        for content in contents:
            operations.attach_evidence(actor=nominator, nomination=draft, upload=upload(content=content), at=NOW)
        hashes.append(evidence_hash(draft))

    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == 64


def test_the_inbox_shows_the_nearest_deadline_first(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    late, soon = (make_submitted(nominator, at=NOW - dt.timedelta(days=days)) for days in (0, 20))

    assert list(queries.inbox(preliminary_reviewer, at=timezone.now())) == [soon, late]


def test_decide_many_has_a_bound(preliminary_reviewer: User, submitted: Nomination) -> None:
    with pytest.raises(TooManyAtOnce):
        operations.decide_many(
            actor=preliminary_reviewer,
            step=Step.PRELIMINARY,
            nomination_ids=[submitted.pk] * 501,
            outcome=Outcome.PASS,
            at=NOW,
        )


def test_decide_many_decides_each_case_once(preliminary_reviewer: User, submitted: Nomination) -> None:
    rows = operations.decide_many(
        actor=preliminary_reviewer,
        step=Step.PRELIMINARY,
        nomination_ids=[submitted.pk, submitted.pk],
        outcome=Outcome.PASS,
        at=NOW,
    )

    assert [(row.number, row.ok) for row in rows] == [(submitted.number, True)]


def test_every_transition_is_in_the_history_and_the_log_once(under_notice: Nomination) -> None:
    steps = list(Transition.objects.filter(nomination=under_notice).values_list("to_status", flat=True))
    logged = AuditEvent.objects.filter(target_id=str(under_notice.pk), data__has_key="from")

    assert steps == ["draft", "submitted", "second_review", "awaiting_notice", "public_notice"]
    assert [f"nomination.{step}" for step in steps[1:]] == list(logged.values_list("action", flat=True))


def test_what_a_reviewer_says_stands_by_the_review_and_not_by_what_they_did_next(
    under_notice: Nomination, second_reviewer: User
) -> None:
    said = [(entry.status, entry.agrees) for entry in queries.timeline(under_notice, second_reviewer)]

    assert said[-2:] == [("awaiting_notice", True), ("public_notice", None)]


@pytest.mark.django_db(transaction=True)
def test_two_second_reviewers_approving_at_once_make_one_approval_and_one_card(
    nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    make_policy()
    nomination = make_second_review(nominator, preliminary_reviewer, basis="postdoc", tier="C")
    another = give_role(UserFactory(), Role.SECOND_REVIEWER)

    def approve(actor: User) -> str:
        try:
            return pass_second(actor, nomination).status
        except DomainError as error:
            return error.code

    outcomes = at_once([partial(approve, second_reviewer), partial(approve, another)])

    assert sorted(outcomes) == ["approved", "transition_not_allowed"]
    assert TalentCard.objects.count() == 1
    assert Review.objects.filter(step=Step.SECOND).count() == 1
    assert Transition.objects.filter(to_status=NominationStatus.APPROVED).count() == 1
