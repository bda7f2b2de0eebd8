import contextlib
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from talentcard.accounts.models import Organisation
from talentcard.core.errors import DomainError
from talentcard.core.transactions import act_on_each, atomic_operation
from tests.factories.accounts import OrganisationFactory


class Refused(Exception):
    """What the inner operation raises after it wrote."""


@atomic_operation
def write_and_refuse() -> None:
    OrganisationFactory(name_en="inner")
    raise Refused


def made() -> list[str]:
    return list(Organisation.objects.values_list("name_en", flat=True))


def test_operation_that_fails_leaves_nothing(db: None) -> None:
    with pytest.raises(Refused):
        write_and_refuse()

    assert made() == []


def test_operation_called_by_another_takes_no_savepoint(db: None, django_assert_num_queries: Any) -> None:
    @atomic_operation
    def inner() -> None:
        OrganisationFactory(name_en="inner")

    @atomic_operation
    def outer() -> None:
        inner()

    # The test's own transaction is around them: savepoint, insert, release.
    with django_assert_num_queries(3):
        outer()


def test_operation_cannot_go_on_after_another_that_it_called_failed(db: None) -> None:
    @atomic_operation
    def outer() -> None:
        OrganisationFactory(name_en="before")
        try:
            write_and_refuse()
        except Refused:
            OrganisationFactory(name_en="after")

    with pytest.raises(transaction.TransactionManagementError):
        outer()

    assert made() == []


def test_operation_that_hides_another_s_failure_fails_too(db: None) -> None:
    @atomic_operation
    def outer() -> None:
        OrganisationFactory(name_en="before")
        with contextlib.suppress(Refused):
            write_and_refuse()

    with pytest.raises(transaction.TransactionManagementError):
        outer()

    assert made() == []


def test_operation_goes_on_where_the_other_had_a_savepoint(db: None) -> None:
    @atomic_operation
    def outer() -> None:
        try:
            with transaction.atomic():
                write_and_refuse()
        except Refused:
            OrganisationFactory(name_en="after")

    outer()

    assert made() == ["after"]


@pytest.mark.django_db(transaction=True)
def test_only_the_outermost_operation_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    tries: list[str] = []

    @atomic_operation
    def inner() -> None:
        tries.append("inner")
        if len(tries) < 4:
            raise OperationalError("database is locked")

    @atomic_operation
    def outer() -> None:
        tries.append("outer")
        OrganisationFactory(name_en="outer")
        inner()

    outer()

    assert tries == ["outer", "inner", "outer", "inner"]
    assert made() == ["outer"]


class NotYet(DomainError):
    """A rule's refusal."""


@pytest.mark.parametrize("error", [NotYet(), ZeroDivisionError()], ids=["refusal", "fault"])
def test_what_fails_holds_up_nobody_else(db: None, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    bad = OrganisationFactory(name_en="second").pk
    for name in ("first", "third"):
        OrganisationFactory(name_en=name)

    @atomic_operation
    def rename(pk: UUID) -> bool:
        changed = Organisation.objects.filter(pk=pk).update(name_en="changed")
        if pk == bad:
            raise error
        return bool(changed)

    count = act_on_each(Organisation.objects.all, rename, what="a new name")

    assert count == 2
    assert sorted(made()) == ["changed", "changed", "second"]
    assert f"a new name: {bad}" in caplog.text


def test_where_nothing_can_be_found_nothing_is_done(db: None, caplog: pytest.LogCaptureFixture) -> None:
    def find() -> QuerySet[Organisation]:
        raise NotYet

    assert act_on_each(find, lambda _: True, what="a new name") == 0
    assert "a new name: nothing can be done" in caplog.text
