"""Many subjects, each for itself."""

import uuid
from collections.abc import Callable

import pytest

from talentcard.accounts.models import User
from talentcard.casework.models import Handover, WorkItem
from talentcard.casework.operations import TooManyAtOnce, claim, decide_each
from talentcard.casework.operations.bulk import MAX_AT_ONCE
from tests.talentcard.casework.conftest import MONDAY


def test_each_is_done_once_and_one_that_fails_holds_up_no_other(
    make_item: Callable[..., WorkItem], officer: User, colleague: User
) -> None:
    free, taken, unseen = make_item(), make_item(assignee=colleague), make_item()
    known = {item.pk: item for item in (free, taken)}

    rows = decide_each(
        [unseen.pk, taken.pk, free.pk, free.pk],
        among=known,
        act=lambda item: claim(actor=officer, item=item, at=MONDAY),
    )

    assert [(row.id, row.number, row.error.code if row.error else "") for row in rows] == [
        (unseen.pk, "", "not_found"),
        (taken.pk, taken.number, "item_taken"),
        (free.pk, free.number, ""),
    ]
    assert Handover.objects.get().item == free


def test_too_many_change_nothing(make_item: Callable[..., WorkItem], officer: User) -> None:
    item = make_item()
    ids = [item.pk, *(uuid.uuid4() for _ in range(MAX_AT_ONCE))]

    with pytest.raises(TooManyAtOnce):
        decide_each(ids, among={item.pk: item}, act=lambda each: claim(actor=officer, item=each, at=MONDAY))

    assert not Handover.objects.exists()


def test_error_that_is_no_refusal_goes_up(make_item: Callable[..., WorkItem]) -> None:
    item = make_item()

    def fail(_item: WorkItem) -> None:
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError):
        decide_each([item.pk], among={item.pk: item}, act=fail)
