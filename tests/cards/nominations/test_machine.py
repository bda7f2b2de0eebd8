"""Random people do random things to nominations, and what must hold holds after each of them."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cards.issuance.choices import LIVE as LIVE_CARD
from cards.issuance.models import TalentCard
from cards.nominations import operations, rules
from cards.nominations.choices import (
    LIVE,
    TRANSITIONS,
    AppealStatus,
    IntegrityKind,
    NominationStatus,
    ObjectionStatus,
    Outcome,
    Step,
)
from cards.nominations.models import (
    Appeal,
    IntegrityCheck,
    IntegrityFact,
    IntegrityRuling,
    Nomination,
    NominatorProfile,
    NominatorYear,
    NoticeRelease,
    Objection,
    Question,
    Review,
    Transition,
)
from cards.nominations.queries.integrity import open_facts
from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.casework.models import WorkItem
from talentcard.casework.operations import claim
from talentcard.core.errors import DomainError
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_policy, nominee_input, upload

MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
PEOPLE, QUOTA = 3, 2
# Whichever of so many cases or officers there are.
ANY = st.integers(0, 99)
MISSING = (operations.MissingItem(field="evidence", note="缺聘书"),)


class Nominations(RuleBasedStateMachine):
    """Two nominators, five officers, the public, and time."""

    @initialize()
    def make_the_city(self) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now = MONDAY
        self.policy = make_policy()
        self.people = [nominee_input() for _ in range(PEOPLE)]
        self.nominators = [self._nominator() for _ in range(2)]
        self.officers = [*self._officers(), self._partisan()]

    def teardown(self) -> None:
        if hasattr(self, "world"):
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def _nominator(self) -> User:
        user = give_role(UserFactory(organisation=OrganisationFactory()), Role.NOMINATOR)
        NominatorProfile.objects.filter(organisation=user.organisation).update(yearly_quota=QUOTA)
        return user

    def _officers(self) -> list[User]:
        bureau = OrganisationFactory(kind=OrganisationKind.BUREAU)
        roles = [
            (Role.PRELIMINARY_REVIEWER,),
            (Role.SECOND_REVIEWER,),
            (Role.PRELIMINARY_REVIEWER, Role.SECOND_REVIEWER),
            (Role.PRELIMINARY_REVIEWER, Role.SECOND_REVIEWER),
        ]
        officers = [UserFactory(organisation=bureau) for _ in roles]
        for officer, held in zip(officers, roles, strict=True):
            for role in held:
                give_role(officer, role)
        return officers

    def _partisan(self) -> User:
        """Return an officer who works for one of the nominators."""
        user = UserFactory(organisation=self.nominators[0].organisation)
        give_role(user, Role.SECOND_REVIEWER)
        return give_role(user, Role.PRELIMINARY_REVIEWER)

    def _attempt(self, act: Callable[[], Any]) -> None:
        """Do something that may be refused; a refusal changes nothing."""
        before = self._everything()
        try:
            act()
        except DomainError:
            assert self._everything() == before

    def _everything(self) -> tuple[Any, ...]:
        return (
            sorted(Nomination.objects.values_list("pk", "status", "round", "quota_year", "item")),
            Transition.objects.count(),
            AuditEvent.objects.count(),
            Review.objects.count(),
            sorted(Appeal.objects.values_list("pk", "status")),
            sorted(NominatorYear.objects.values_list("pk", "used")),
            sorted(WorkItem.objects.values_list("pk", "assignee", "closed_at", "due_at")),
            TalentCard.objects.count(),
            (IntegrityCheck.objects.count(), IntegrityRuling.objects.count()),
            NoticeRelease.objects.count(),
            sorted(Question.objects.values_list("pk", "answered_at", "closed_at")),
        )

    def _pick(self, status: Any, choice: int) -> Nomination | None:
        cases = list(Nomination.objects.filter(status__in=status).order_by("number"))
        return cases[choice % len(cases)] if cases else None

    @rule(who=ANY, whom=ANY)
    def draft_with_evidence(self, who: int, whom: int) -> None:
        actor, person = self.nominators[who % 2], self.people[whom % PEOPLE]

        def draft() -> None:
            case = operations.create_draft(
                actor=actor,
                nominee=person,
                basis=self.policy.bases.get(code="laboratory"),
                tier=self.policy.tiers.get(code="B"),
                district="binhai",
                statement="长期从事示例研究。",
                at=self.now,
            )
            operations.attach_evidence(actor=actor, nomination=case, upload=upload(), at=self.now)

        self._attempt(draft)

    @rule(choice=ANY)
    def submit(self, choice: int) -> None:
        case = self._pick([NominationStatus.DRAFT, NominationStatus.RETURNED], choice)
        if case is not None:
            self._attempt(lambda: operations.submit(actor=case.filed_by, nomination=case, at=self.now))

    @rule(choice=ANY, who=ANY)
    def withdraw(self, choice: int, who: int) -> None:
        case = self._pick(NominationStatus.values, choice)
        # Mostly left alone: what is withdrawn is not seen again.
        if case is not None and choice % 4 == 0:
            self._attempt(lambda: operations.withdraw(actor=self.nominators[who % 2], nomination=case, at=self.now))

    @rule(choice=ANY, who=ANY, step=st.sampled_from(Step), outcome=st.sampled_from([Outcome.PASS, *Outcome]))
    def review(self, choice: int, who: int, step: Step, outcome: Outcome) -> None:
        case = self._pick([NominationStatus.SUBMITTED, NominationStatus.SECOND_REVIEW], choice)
        if case is None:
            return
        decide = (
            operations.review_preliminary
            if step == Step.PRELIMINARY
            else partial(operations.review_second, agrees=outcome == Outcome.PASS)
        )
        officer = self.officers[who % len(self.officers)]
        missing = MISSING if outcome == Outcome.RETURN else ()
        self._attempt(
            lambda: decide(
                actor=officer, nomination=case, outcome=outcome, reason="经审核", missing=missing, at=self.now
            )
        )

    @rule(choice=ANY, who=ANY)
    def ask(self, choice: int, who: int) -> None:
        case = self._pick([NominationStatus.SUBMITTED, NominationStatus.SECOND_REVIEW], choice)
        if case is not None:
            officer = self.officers[who % len(self.officers)]
            self._attempt(lambda: operations.ask_question(actor=officer, nomination=case, text="聘期？", at=self.now))

    @rule(choice=ANY, who=ANY, takes_back=st.booleans())
    def answer_or_take_back(self, choice: int, who: int, takes_back: bool) -> None:
        questions = list(Question.objects.order_by("asked_at", "pk"))
        if not questions:
            return
        question, officer = questions[choice % len(questions)], self.officers[who % len(self.officers)]
        if takes_back:
            self._attempt(lambda: operations.take_question_back(actor=officer, question=question, at=self.now))
        else:
            actor = self.nominators[who % 2]
            self._attempt(
                lambda: operations.answer_question(actor=actor, question=question, answer="三年", at=self.now)
            )

    @rule(choice=ANY, who=ANY)
    def take_on(self, choice: int, who: int) -> None:
        items = list(WorkItem.objects.open().order_by("number"))
        if items:
            officer = self.officers[who % len(self.officers)]
            self._attempt(lambda: claim(actor=officer, item=items[choice % len(items)], at=self.now))

    @rule(choice=ANY, who=ANY)
    def release_together(self, choice: int, who: int) -> None:
        cases = list(Nomination.objects.filter(status__in=LIVE).order_by("number").values_list("pk", flat=True))
        if cases:
            # Some wait for it, others do not, and one twice.
            chosen = [cases[choice % len(cases)], *cases]
            officer = self.officers[who % len(self.officers)]
            self._attempt(lambda: operations.release_notices(actor=officer, nomination_ids=chosen, at=self.now))

    @rule(choice=ANY)
    def object_to_a_notice(self, choice: int) -> None:
        case = self._pick([NominationStatus.PUBLIC_NOTICE], choice)
        if case is not None:
            self._attempt(
                lambda: operations.lodge_objection(
                    notice=case.notice, name="路人", contact="1", text="不同意", at=self.now
                )
            )

    @rule(choice=ANY, who=ANY, is_upheld=st.booleans())
    def resolve(self, choice: int, who: int, is_upheld: bool) -> None:
        objections = list(Objection.objects.filter(status=ObjectionStatus.OPEN).order_by("lodged_at", "pk"))
        if objections:
            self._attempt(
                lambda: operations.resolve_objection(
                    actor=self.officers[who % len(self.officers)],
                    objection=objections[choice % len(objections)],
                    is_upheld=is_upheld,
                    reason="经核实",
                    at=self.now,
                )
            )

    @rule(choice=ANY, who=ANY, is_hit=st.booleans())
    def check_integrity(self, choice: int, who: int, is_hit: bool) -> None:
        case = self._pick(NominationStatus.values, choice)
        if case is not None:
            hit = operations.FactInput(reference="1", dated_on=MONDAY.date()) if is_hit else None
            officer = self.officers[who % len(self.officers)]
            kind = IntegrityKind.DISHONEST_DEBTOR
            self._attempt(
                lambda: operations.record_check(
                    actor=officer, nomination=case, kind=kind, source="名册", hit=hit, at=self.now
                )
            )

    @rule(choice=ANY, who=ANY, what=st.sampled_from(["go on", "reject", "withdraw"]))
    def decide_about_a_fact(self, choice: int, who: int, what: str) -> None:
        facts = list(IntegrityFact.objects.order_by("recorded_at", "pk"))
        if not facts:
            return
        fact = facts[choice % len(facts)]
        case = fact.talent.nominations.order_by("-number")[0]
        asked = {
            "actor": self.officers[who % len(self.officers)],
            "nomination": case,
            "fact": fact,
            "reason": "经核实",
            "at": self.now,
        }
        if what == "withdraw":
            self._attempt(lambda: operations.withdraw_fact(**asked))
        else:
            self._attempt(lambda: operations.rule_on_fact(goes_on=what == "go on", **asked))

    @rule(choice=ANY, by_nominee=st.booleans())
    def appeal(self, choice: int, by_nominee: bool) -> None:
        self._refuse(choice)
        case = self._pick([NominationStatus.REJECTED], choice)
        if case is not None:
            actor = case.talent.user if by_nominee else case.filed_by
            self._attempt(lambda: operations.lodge_appeal(actor=actor, nomination=case, text="认定有误", at=self.now))

    def _refuse(self, choice: int) -> None:
        """Let whoever may refuse a case that waits do so: left to chance, too few are refused to appeal."""
        case = self._pick([NominationStatus.SUBMITTED, NominationStatus.SECOND_REVIEW], choice)
        if case is None:
            return
        decide = (
            operations.review_preliminary if case.status == NominationStatus.SUBMITTED else operations.review_second
        )
        for officer in self.officers:
            self._attempt(
                lambda officer=officer: decide(
                    actor=officer, nomination=case, outcome=Outcome.REJECT, reason="不符合", at=self.now
                )
            )

    @rule(choice=ANY, is_upheld=st.booleans())
    def decide_the_appeal(self, choice: int, is_upheld: bool) -> None:
        """Let every officer try: most may not."""
        case = self._pick([NominationStatus.APPEALED], choice)
        for officer in self.officers if case is not None else ():
            self._attempt(
                lambda officer=officer: operations.decide_appeal(
                    actor=officer, appeal=case.appeal, is_upheld=is_upheld, reason="经复查", at=self.now
                )
            )

    @rule(days=st.integers(0, 9))
    @precondition(lambda self: self.now < MONDAY + dt.timedelta(days=200))
    def let_time_pass(self, days: int) -> None:
        self.now += dt.timedelta(days=days, minutes=1)
        operations.close_due_notices(at=self.now)
        operations.chase_questions(at=self.now)

    @invariant()
    def only_listed_transitions_each_audited_once(self) -> None:
        audited = Counter(
            AuditEvent.objects.filter(action__startswith="nomination.").values_list("target_id", "action")
        )
        seen: Counter[tuple[str, str]] = Counter()
        last: dict[Any, str] = {}
        for step in Transition.objects.order_by("created_at"):
            before = last.get(step.nomination_id, "")
            assert step.from_status == before
            assert not before or step.to_status in TRANSITIONS[NominationStatus(before)]
            last[step.nomination_id] = step.to_status
            seen[str(step.nomination_id), f"nomination.{step.to_status}"] += 1
        assert last == dict(Nomination.objects.values_list("pk", "status"))
        assert {key: audited[key] for key in seen} == dict(seen)

    @invariant()
    def reviews_are_by_different_and_disinterested_people(self) -> None:
        for case in Nomination.objects.with_parties():
            reviewers = {step: {each.reviewer for each in case.reviews.filter(step=step)} for step in Step}
            assert not reviewers[Step.PRELIMINARY] & reviewers[Step.SECOND]
            assert not any(rules.has_conflict(each, case) for people in reviewers.values() for each in people)

    @invariant()
    def appeals_are_decided_by_others_and_reviewed_by_others_than_refused(self) -> None:
        for appeal in Appeal.objects.select_related("nomination"):
            case = appeal.nomination
            before = case.reviews.filter(created_at__lt=appeal.created_at)
            objections = Objection.objects.filter(notice__nomination=case, updated_at__lt=appeal.created_at)
            handled = {each.reviewer_id for each in before} | {each.resolved_by_id for each in objections}
            assert (case.status == NominationStatus.APPEALED) == (appeal.status == AppealStatus.OPEN)
            assert appeal.decided_by_id is None or appeal.decided_by_id not in handled
            refused = {each.reviewer_id for each in before.filter(outcome=Outcome.REJECT)}
            refused |= {each.resolved_by_id for each in objections.filter(status=ObjectionStatus.UPHELD)}
            anew = case.reviews.filter(created_at__gt=appeal.created_at)
            assert not refused & {each.reviewer_id for each in anew}

    @invariant()
    def one_live_nomination_and_one_live_card_a_person(self) -> None:
        live = Counter(Nomination.objects.filter(status__in=LIVE).values_list("talent", flat=True))
        cards = Counter(TalentCard.objects.filter(status__in=LIVE_CARD).values_list("holder", flat=True))
        assert not live or max(live.values()) == 1
        assert not cards or max(cards.values()) == 1
        approved = Nomination.objects.filter(status=NominationStatus.APPROVED).values_list("talent", flat=True)
        assert set(cards) == set(approved)

    @invariant()
    def quota_counts_what_it_should_and_is_never_exceeded(self) -> None:
        charged = Counter(Nomination.objects.exclude(quota_year=None).values_list("nominator", flat=True))
        used = dict(NominatorYear.objects.exclude(used=0).values_list("organisation", "used"))
        assert used == dict(charged)
        raised = AuditEvent.objects.filter(action="nominator_quota.raised_for_appeal")
        extra = Counter(NominatorYear.objects.get(pk=event.target_id).organisation_id for event in raised)
        assert all(number <= QUOTA + extra[nominator] for nominator, number in used.items())

    @invariant()
    def no_card_is_given_while_something_undecided_is_on_record(self) -> None:
        for case in Nomination.objects.filter(status=NominationStatus.APPROVED).select_related("talent"):
            assert not open_facts(case).exists()

    @invariant()
    def releases_are_numbered_without_a_gap_and_hold_every_notice(self) -> None:
        serials = list(NoticeRelease.objects.order_by("serial").values_list("serial", flat=True))
        assert serials == list(range(1, len(serials) + 1))
        for release in NoticeRelease.objects.prefetch_related("notices__nomination__transitions"):
            for notice in release.notices.all():
                statuses = {step.to_status for step in notice.nomination.transitions.all()}
                assert NominationStatus.AWAITING_NOTICE in statuses
                assert notice.opened_at == release.opened_at

    @invariant()
    def a_case_waits_on_one_desk_or_none_and_its_clock_runs_forward(self) -> None:
        on_desks = dict(WorkItem.objects.open().values_list("subject_id", "pk"))
        assert on_desks == dict(Nomination.objects.exclude(item=None).values_list("pk", "item"))
        assert len(on_desks) == WorkItem.objects.open().count()
        for case in Nomination.objects.with_parties():
            is_objected = Objection.objects.filter(notice__nomination=case, status=ObjectionStatus.OPEN).exists()
            waits = case.status in (
                NominationStatus.SUBMITTED,
                NominationStatus.SECOND_REVIEW,
                NominationStatus.APPEALED,
                NominationStatus.AWAITING_NOTICE,
            )
            is_stopped = case.status == NominationStatus.PUBLIC_NOTICE and open_facts(case).exists()
            assert (case.item is not None) == (waits or is_objected or is_stopped)
            assert case.due_at is None or case.item is None or case.due_at > case.item.opened_at
            if case.item is not None:
                # What is asked after the deadline stops no clock.
                asked_late = Q(asked_at__gt=case.item.due_at) if case.item.due_at else Q(pk__in=[])
                assert case.item.is_stopped == case.questions.holding().exclude(asked_late).exists()


@pytest.mark.django_db
def test_whatever_people_do_the_procedure_holds() -> None:
    run_state_machine_as_test(
        Nominations,
        settings=settings(max_examples=12, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
