import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from cards.verification.choices import Channel, Field, Reason
from cards.verification.models import Desk, Purpose, VerificationAttempt
from talentcard.accounts.models import PartnerSystem, User
from tests.factories.verification import DeskFactory, PurposeFactory


def make_attempt(**fields: Any) -> VerificationAttempt:
    defaults: dict[str, Any] = {
        "at": timezone.now(),
        "channel": Channel.PUBLIC,
        "nonce": uuid.uuid4().hex,
        "code_hash": "0" * 64,
        "reason": Reason.VALID,
    }
    return VerificationAttempt.objects.create(**{**defaults, **fields})


def test_attempt_names_who_asked(desk: Desk, system: PartnerSystem, partner: User) -> None:
    good: list[dict[str, Any]] = [
        {"channel": Channel.PUBLIC},
        {"channel": Channel.API, "system": system},
        {"channel": Channel.API, "system": system, "desk": desk},
        {"channel": Channel.DESK, "desk": desk, "user": partner},
    ]
    bad: list[dict[str, Any]] = [
        {"channel": Channel.PUBLIC, "user": partner},
        {"channel": Channel.PUBLIC, "desk": desk},
        {"channel": Channel.API},
        {"channel": Channel.API, "desk": desk},
        {"channel": Channel.API, "system": system, "user": partner},
        {"channel": Channel.DESK, "desk": desk},
        {"channel": Channel.DESK, "user": partner},
        {"channel": Channel.DESK, "desk": desk, "user": partner, "system": system},
        {"channel": "elsewhere"},
    ]

    for fields in good:
        make_attempt(**fields)
    for fields in bad:
        with pytest.raises(IntegrityError, match="attempt_names_who_asked"), transaction.atomic():
            make_attempt(**fields)


def test_attempt_that_was_refused_shows_nothing(db: None) -> None:
    with pytest.raises(IntegrityError, match="refused_attempt_shows_nothing"), transaction.atomic():
        make_attempt(reason=Reason.REVOKED, fields_shown="tier")


def test_nonce_is_used_once_by_each_system_and_desk(desk: Desk, system: PartnerSystem, partner: User) -> None:
    by_system = {"channel": Channel.API, "system": system, "nonce": "n"}
    at_desk = {"channel": Channel.DESK, "desk": desk, "user": partner, "nonce": "n"}
    other_desk = DeskFactory(organisation=desk.organisation)

    make_attempt(**by_system)
    make_attempt(**at_desk)
    make_attempt(**{**at_desk, "desk": other_desk})
    for fields in (by_system, {**by_system, "desk": desk}, at_desk):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_attempt(**fields)


@pytest.mark.parametrize("fields", [["phone"], ["name", "name"], "name", [1], {"name": True}])
def test_purpose_shows_only_known_fields(fields: Any, db: None) -> None:
    purpose = PurposeFactory.build(fields=fields)

    with pytest.raises(ValidationError) as caught:
        purpose.full_clean()
    assert set(caught.value.message_dict) == {"fields"}


def test_purpose_may_show_nothing(db: None) -> None:
    PurposeFactory.build(fields=[]).full_clean()
    PurposeFactory.build(fields=list(Field.values)).full_clean()
    left_empty = PurposeFactory.build(fields=None)
    left_empty.full_clean()

    assert left_empty.fields == []


def test_purpose_has_a_known_grade(purpose: Purpose) -> None:
    with pytest.raises(IntegrityError, match="purpose_grade_is_known"), transaction.atomic():
        Purpose.objects.update(minimum_grade="guess")


def test_attempt_of_a_purpose_keeps_it(purpose: Purpose, system: PartnerSystem) -> None:
    make_attempt(channel=Channel.API, system=system, purpose=purpose)

    with pytest.raises(ProtectedError):
        purpose.delete()
