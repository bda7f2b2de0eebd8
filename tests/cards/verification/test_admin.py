from collections.abc import Callable

import pytest
from django.test import Client

from cards.verification.models import Desk, Purpose
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent

Login = Callable[[User], Client]


def test_admin_records_what_a_purpose_shows(login: Login, administrator: User, purpose: Purpose) -> None:
    fields = {"code": "airport", "name_zh": "机场", "name_en": "Airport", "minimum_grade": "live", "is_active": "on"}

    response = login(administrator).post(
        f"/admin/verification/purpose/{purpose.pk}/change/", {**fields, "fields": '["tier"]'}
    )

    event = AuditEvent.objects.get(action="purpose.changed")
    assert response.status_code == 302
    assert event.data == {"fields": ["tier"], "minimum_grade": "live", "is_active": True}


def test_admin_refuses_a_field_that_cannot_be_shown(login: Login, administrator: User, purpose: Purpose) -> None:
    before = purpose.fields
    fields = {"code": "airport", "name_zh": "机场", "name_en": "Airport", "minimum_grade": "live", "is_active": "on"}

    response = login(administrator).post(
        f"/admin/verification/purpose/{purpose.pk}/change/", {**fields, "fields": '["phone"]'}
    )

    purpose.refresh_from_db()
    assert response.status_code == 200
    assert purpose.fields == before


def test_admin_records_what_a_desk_is_for(login: Login, administrator: User, desk: Desk, purpose: Purpose) -> None:
    fields = {"organisation": desk.organisation_id, "name_zh": "甲", "name_en": "A", "is_active": "on"}

    login(administrator).post(f"/admin/verification/desk/{desk.pk}/change/", {**fields, "purposes": [purpose.pk]})

    assert AuditEvent.objects.get(action="desk.changed").data == {"purposes": ["airport"], "is_active": True}


@pytest.mark.parametrize("path", ["add/", ""])
def test_admin_shows_attempts_and_changes_none(path: str, login: Login, administrator: User) -> None:
    response = login(administrator).get(f"/admin/verification/verificationattempt/{path}")

    assert response.status_code == (403 if path else 200)
