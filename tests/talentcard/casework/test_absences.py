import datetime as dt

import pytest

from talentcard.accounts.models import User
from talentcard.casework.models import Absence
from talentcard.casework.operations import cancel_absence, declare_absence
from talentcard.core.errors import InvalidInput, NotAllowed
from tests.concurrency import at_once
from tests.talentcard.casework.conftest import MONDAY

DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()


def declare(actor: User, user: User, first: int, last: int, deputy: User | None = None) -> Absence:
    return declare_absence(
        actor=actor, user=user, first_day=TODAY + first * DAY, last_day=TODAY + last * DAY, deputy=deputy, at=MONDAY
    )


def test_absence_is_entered_by_oneself_or_one_s_head(officer: User, colleague: User, head: User) -> None:
    declare(officer, officer, 0, 2, colleague)
    declare(head, officer, 3, 4)

    with pytest.raises(NotAllowed):
        declare(colleague, officer, 7, 8)
    assert Absence.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "last", "fields"), [(3, 2, ["last_day"]), (-5, -1, ["last_day"]), (0, 0, []), (-5, 0, [])]
)
def test_absence_is_of_days_to_come(officer: User, first: int, last: int, fields: list[str]) -> None:
    found: list[str] = []
    try:
        declare(officer, officer, first, last)
    except InvalidInput as error:
        found = [fault.field for fault in error.errors]

    assert found == fields
    assert Absence.objects.count() == (not fields)


def test_nobody_is_one_s_own_deputy(officer: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        declare(officer, officer, 0, 1, officer)

    assert [fault.field for fault in caught.value.errors] == ["deputy"]


def test_deputy_is_of_the_same_office(officer: User, elsewhere: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        declare(officer, officer, 0, 1, elsewhere)

    assert [fault.field for fault in caught.value.errors] == ["deputy"]


@pytest.mark.django_db(transaction=True)
def test_the_same_days_are_entered_once(officer: User) -> None:
    def enter() -> bool:
        try:
            declare(officer, officer, 0, 2)
        except InvalidInput:
            return False
        return True

    assert sorted(at_once([enter] * 4)) == [False, False, False, True]
    assert Absence.objects.count() == 1


def test_absence_that_has_begun_keeps_the_days_that_are_over(officer: User) -> None:
    coming, running = declare(officer, officer, 9, 10), declare(officer, officer, 0, 5)

    cancel_absence(actor=officer, absence=coming, at=MONDAY)
    cancel_absence(actor=officer, absence=running, at=MONDAY + 2 * DAY)

    kept = Absence.objects.get()
    assert (kept.first_day, kept.last_day) == (TODAY, TODAY + DAY)


def test_absence_is_not_taken_back_by_others(officer: User, colleague: User) -> None:
    absence = declare(officer, officer, 0, 2)

    with pytest.raises(NotAllowed):
        cancel_absence(actor=colleague, absence=absence, at=MONDAY)
    assert Absence.objects.count() == 1
