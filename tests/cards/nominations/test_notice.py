import datetime as dt

import pytest
from django.utils import timezone

from cards.issuance.models import Award, PolicyVersion, TalentCard
from cards.nominations import operations, queries, rules
from cards.nominations.choices import NominationStatus, ObjectionStatus
from cards.nominations.models import Nomination, Objection, PublicNotice
from cards.nominations.operations.notice import NoticeEnded, ObjectionResolved
from cards.nominations.tasks import close_due_notices
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput, NotAllowed
from talentcard.core.models import CalendarDay
from talentcard.core.workdays import add_working_days, working_days_until
from talentcard.notifications.models import Message
from tests.factories.accounts import UserFactory, give_role
from tests.factories.nominations import make_under_notice

TIANJIN = dt.timezone(dt.timedelta(hours=8))
# The Friday before the National Day week of 2026: 1 to 7 October are off, 20 September and 10 October worked.
FRIDAY = dt.datetime(2026, 9, 25, 10, 0, tzinfo=TIANJIN)


def lodge(nomination: Nomination, at: dt.datetime, **changes: str) -> Objection:
    fields = {"name": "路人", "contact": "13900000000", "text": "不同意"} | changes
    return operations.lodge_objection(notice=nomination.notice, at=at, **fields)


def resolve(actor: User, objection: Objection, at: dt.datetime, *, is_upheld: bool = False) -> Objection:
    return operations.resolve_objection(actor=actor, objection=objection, is_upheld=is_upheld, reason="经核实", at=at)


def events() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("event", flat=True))


@pytest.fixture
def notice(under_notice: Nomination) -> PublicNotice:
    return under_notice.notice


def test_a_notice_lasts_working_days_of_the_public_calendar(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    # The calendar is declared here, so that the test holds whatever the library says of the year.
    for day in range(24, 31):
        CalendarDay.objects.create(date=dt.date(2026, 9, day), is_working_day=day not in (25, 26, 27))
    for day in range(1, 15):
        CalendarDay.objects.create(date=dt.date(2026, 10, day), is_working_day=day not in (*range(1, 8), 11))

    nomination = make_under_notice(nominator, preliminary_reviewer, second_reviewer, at=FRIDAY)

    # 28, 29, 30 September, 8 and 9 October.
    closes_at = timezone.localtime(nomination.notice.closes_at)
    assert closes_at == dt.datetime(2026, 10, 9, 23, 59, 59, tzinfo=TIANJIN)
    assert nomination.due_at == nomination.notice.closes_at


def test_a_notice_that_ran_out_gives_the_card_once(notice: PublicNotice) -> None:
    just_before = notice.closes_at - dt.timedelta(seconds=1)

    closed = [operations.close_due_notices(at=at) for at in (just_before, notice.closes_at, notice.closes_at)]

    assert closed == [0, 1, 0]
    nomination = notice.nomination
    nomination.refresh_from_db()
    assert (nomination.status, nomination.decided_at) == (NominationStatus.APPROVED, notice.closes_at)
    assert (Award.objects.count(), TalentCard.objects.count()) == (1, 1)
    assert list(queries.open_notices(at=timezone.now())) == []
    assert AuditEvent.objects.filter(action="nomination.approved", actor_id=None).count() == 1


def test_one_case_that_cannot_be_awarded_does_not_hold_up_the_others(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> None:
    stuck, free = (make_under_notice(nominator, preliminary_reviewer, second_reviewer) for _ in range(2))
    other = Award.objects.create(
        case_id=free.notice.pk,
        holder=stuck.talent,
        tier=stuck.tier,
        route=stuck.basis.route,
        basis=stuck.basis,
        evidence_hash="0" * 64,
        decided_at=timezone.now(),
    )
    TalentCard.objects.create(award=other, holder=stuck.talent, tier=stuck.tier, number="1")

    assert operations.close_due_notices(at=free.notice.closes_at + dt.timedelta(days=9)) == 1

    stuck.refresh_from_db()
    free.refresh_from_db()
    assert (stuck.status, free.status) == (NominationStatus.PUBLIC_NOTICE, NominationStatus.APPROVED)


def test_the_periodic_task_closes_what_is_due(notice: PublicNotice) -> None:
    PublicNotice.objects.update(closes_at=notice.opened_at + dt.timedelta(microseconds=1))

    close_due_notices()

    assert TalentCard.objects.count() == 1


def test_an_objection_stops_the_clock_and_a_dismissal_gives_the_time_back(
    notice: PublicNotice, second_reviewer: User
) -> None:
    nomination = notice.nomination
    objection = lodge(nomination, notice.opened_at + dt.timedelta(days=1))
    resolved_at = notice.closes_at + dt.timedelta(days=10)

    assert operations.close_due_notices(at=resolved_at) == 0
    assert [each.pk for each in queries.inbox(second_reviewer, at=timezone.now())] == [nomination.pk]
    resolve(second_reviewer, objection, resolved_at)

    left = working_days_until(notice.closes_at, at=objection.lodged_at)
    notice.refresh_from_db()
    nomination.refresh_from_db()
    assert notice.paused_at is None
    assert notice.closes_at == add_working_days(resolved_at, left)
    assert nomination.due_at == notice.closes_at
    assert operations.close_due_notices(at=resolved_at) == 0
    assert operations.close_due_notices(at=notice.closes_at) == 1
    assert not queries.inbox(second_reviewer, at=timezone.now()).exists()


def test_the_clock_goes_on_with_the_last_of_several_objections(notice: PublicNotice, second_reviewer: User) -> None:
    opened = notice.opened_at
    days = [opened + dt.timedelta(days=day) for day in range(5)]
    left = working_days_until(notice.closes_at, at=days[1])
    objections = [lodge(notice.nomination, at) for at in days[1:3]]

    resolve(second_reviewer, objections[0], days[3])
    notice.refresh_from_db()
    assert notice.paused_at == days[1]
    resolve(second_reviewer, objections[1], days[4])

    notice.refresh_from_db()
    assert (notice.paused_at, notice.closes_at) == (None, add_working_days(days[4], left))
    assert events().count("nomination.notice_paused") == 2
    assert events().count("nomination.notice_resumed") == 2
    assert events().count("nomination.objection_lodged") == 2


def test_an_upheld_objection_rejects_the_nomination_and_the_others_lapse(
    notice: PublicNotice, second_reviewer: User
) -> None:
    first, second = (lodge(notice.nomination, notice.opened_at) for _ in range(2))

    resolve(second_reviewer, first, notice.opened_at, is_upheld=True)

    nomination = notice.nomination
    nomination.refresh_from_db()
    second.refresh_from_db()
    assert (nomination.status, second.status) == (NominationStatus.REJECTED, ObjectionStatus.LAPSED)
    assert operations.close_due_notices(at=notice.closes_at + dt.timedelta(days=99)) == 0
    with pytest.raises(ObjectionResolved):
        resolve(second_reviewer, second, notice.opened_at)


def test_objections_are_taken_until_the_notice_closes(notice: PublicNotice) -> None:
    with pytest.raises(NoticeEnded):
        lodge(notice.nomination, notice.closes_at)

    lodge(notice.nomination, notice.closes_at - dt.timedelta(seconds=1))
    # Paused, it is still open.
    lodge(notice.nomination, notice.closes_at + dt.timedelta(days=1))
    assert Objection.objects.count() == 2


def test_an_objection_names_everything_it_lacks(notice: PublicNotice) -> None:
    with pytest.raises(InvalidInput) as caught:
        lodge(notice.nomination, notice.opened_at, name=" ", contact="", text="")

    assert [error.field for error in caught.value.errors] == ["name", "contact", "text"]
    assert Objection.objects.count() == 0


def test_an_objection_is_resolved_by_a_second_reviewer_without_a_stake(
    notice: PublicNotice, nominator: User, preliminary_reviewer: User
) -> None:
    objection = lodge(notice.nomination, notice.opened_at)
    interested = give_role(UserFactory(organisation=nominator.organisation), Role.SECOND_REVIEWER)

    for actor in (nominator, preliminary_reviewer, interested):
        assert not rules.may_read_objections(actor, notice.nomination)
        with pytest.raises(NotAllowed):
            resolve(actor, objection, notice.opened_at)

    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.OPEN


def test_a_resolution_needs_its_reason(notice: PublicNotice, second_reviewer: User) -> None:
    objection = lodge(notice.nomination, notice.opened_at)

    with pytest.raises(InvalidInput):
        operations.resolve_objection(
            actor=second_reviewer, objection=objection, is_upheld=True, reason=" ", at=notice.opened_at
        )


def test_a_person_put_under_secrecy_leaves_the_notices_at_once(notice: PublicNotice) -> None:
    Talent.objects.update(is_secret=True)

    assert list(queries.open_notices(at=timezone.now())) == []
