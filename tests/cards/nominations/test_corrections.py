"""The time a nominator has to correct a returned case."""

import datetime as dt

import pytest
from django.utils import timezone

from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.choices import LimitedStep, NominationStatus, Outcome
from cards.nominations.models import Nomination, NominatorYear, StepLimit
from cards.nominations.operations.corrections import end_correction
from cards.nominations.queries import timeline
from talentcard.accounts.models import User
from talentcard.notifications.models import Message
from tests.factories.nominations import make_policy, make_submitted

# A Wednesday; the limit of 15 working days ends on Wednesday 24 June: Friday the 19th is the Dragon Boat Festival.
WEDNESDAY = dt.datetime(2026, 6, 3, 10, tzinfo=dt.UTC)
LAST_DAY = dt.date(2026, 6, 25)


def hours(days: int, hour: int = 0) -> dt.datetime:
    """Return a moment so many days before the last day (or after it, below zero)."""
    return timezone.make_aware(dt.datetime.combine(LAST_DAY - dt.timedelta(days=days), dt.time(hour)))


def told(event: str) -> list[str]:
    return sorted(Message.objects.filter(event=event).values_list("recipient__username", flat=True))


def send_back(nomination: Nomination, reviewer: User, *, at: dt.datetime = WEDNESDAY) -> Nomination:
    return operations.review_preliminary(
        actor=reviewer,
        nomination=nomination,
        outcome=Outcome.RETURN,
        reason="补正",
        missing=[operations.MissingItem(field="statement", note="补")],
        at=at,
    )


@pytest.fixture
def returned(policy: PolicyVersion, nominator: User, preliminary_reviewer: User) -> Nomination:
    return send_back(make_submitted(nominator, at=WEDNESDAY), preliminary_reviewer)


def test_a_return_says_by_when_to_correct(returned: Nomination) -> None:
    assert returned.correct_by is not None
    assert timezone.localdate(returned.correct_by) == LAST_DAY
    assert (returned.due_at, returned.deadline) == (None, returned.correct_by)


def test_the_nominator_is_reminded_once_then_the_case_lapses(returned: Nomination, nominator: User) -> None:
    assert operations.chase_corrections(at=hours(2)) == 0
    assert [operations.chase_corrections(at=hours(1, hour)) for hour in (9, 10)] == [1, 0]
    assert told("nomination.correction_due") == ["nominator"]

    assert [operations.chase_corrections(at=hours(-1, hour)) for hour in (0, 1)] == [1, 0]

    returned.refresh_from_db()
    assert (returned.status, returned.decided_at) == (NominationStatus.WITHDRAWN, hours(-1))
    nominee = returned.talent.user
    assert nominee is not None
    assert told("nomination.lapsed") == sorted(["nominator", nominee.username])
    assert NominatorYear.objects.get().used == 0
    assert timeline(returned, nominator)[-1].reason


def test_no_case_lapses_without_its_reminder(returned: Nomination) -> None:
    # The service was down over the whole time: the reminder comes late, and a working day is added to it.
    assert operations.chase_corrections(at=hours(-1)) == 1

    returned.refresh_from_db()
    assert returned.status == NominationStatus.RETURNED
    assert returned.correct_by is not None
    assert timezone.localdate(returned.correct_by) == dt.date(2026, 6, 29)
    assert operations.chase_corrections(at=returned.correct_by + dt.timedelta(hours=1)) == 1
    returned.refresh_from_db()
    assert returned.status == NominationStatus.WITHDRAWN


def test_a_case_waits_on_where_policy_lets_it(returned: Nomination, nominator: User) -> None:
    PolicyVersion.objects.update(lapses_uncorrected=False)
    operations.chase_corrections(at=hours(1))

    assert [operations.chase_corrections(at=hours(-1, hour)) for hour in (0, 1)] == [1, 0]

    returned.refresh_from_db()
    assert returned.status == NominationStatus.RETURNED
    assert told("nomination.correction_overdue") == ["nominator"]
    assert operations.submit(actor=nominator, nomination=returned, at=hours(-1, 2)).status == NominationStatus.SUBMITTED


def test_what_was_corrected_is_left_alone_and_a_second_return_has_its_own_time(
    returned: Nomination, nominator: User, preliminary_reviewer: User
) -> None:
    operations.chase_corrections(at=hours(1))
    again = operations.submit(actor=nominator, nomination=returned, at=hours(0, 9))

    assert operations.chase_corrections(at=hours(-1)) == 0
    assert not end_correction(nomination_id=again.pk, at=hours(-1))

    back = send_back(again, preliminary_reviewer, at=hours(-1))
    assert back.correction_told_at is None
    assert back.correct_by is not None
    operations.chase_corrections(at=back.correct_by - dt.timedelta(hours=1))
    assert told("nomination.correction_due") == ["nominator", "nominator"]


def test_without_a_limit_nothing_lapses(policy: PolicyVersion, nominator: User, preliminary_reviewer: User) -> None:
    StepLimit.objects.filter(step=LimitedStep.CORRECTION).delete()
    case = send_back(make_submitted(nominator, at=WEDNESDAY), preliminary_reviewer)

    assert case.correct_by is None
    assert operations.chase_corrections(at=hours(-60)) == 0


def test_the_time_is_that_of_the_policy_the_case_was_filed_under(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User
) -> None:
    case = make_submitted(nominator, at=WEDNESDAY)
    newer = make_policy(number=2)
    newer.step_limits.update(working_days=1)

    case = send_back(case, preliminary_reviewer)
    assert case.correct_by is not None
    assert timezone.localdate(case.correct_by) == LAST_DAY
    again = operations.submit(actor=nominator, nomination=case, at=WEDNESDAY)
    assert again.due_at is not None
    assert timezone.localdate(again.due_at) == dt.date(2026, 6, 10)
