from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cards.talents.models import District, Talent
from cards.talents.operations import IdentityInput, register_talent
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from tests.factories.nominations import resident_number

Login = Callable[[User], Client]


@pytest.fixture
def talent(db: None) -> Talent:
    identity = IdentityInput(kind="resident_id", number=resident_number(1))
    return register_talent(actor=None, name="示例甲", identity=identity, at=timezone.now())


def test_an_administrator_puts_a_person_under_secrecy_and_changes_nothing_else(
    talent: Talent, administrator: User, login: Login
) -> None:
    path = reverse("admin:talents_talent_change", args=[talent.pk])

    login(administrator).post(path, {"is_secret": "on", "name": "别名"})

    talent.refresh_from_db()
    assert (talent.is_secret, talent.name) == (True, "示例甲")
    assert AuditEvent.objects.get(action="talent.secrecy_changed").data == {"is_secret": True}


def test_the_code_of_a_district_stays(administrator: User, login: Login) -> None:
    district = District.objects.create(code="heping", name_zh="和平区", name_en="Heping")
    path = reverse("admin:talents_district_change", args=[district.pk])

    login(administrator).post(path, {"code": "other", "name_zh": "和平", "name_en": "Heping"})

    district.refresh_from_db()
    assert (district.code, district.name_zh) == ("heping", "和平")


@pytest.mark.parametrize("name", ["talent", "district"])
def test_the_administration_is_closed_to_others(talent: Talent, outsider: User, login: Login, name: str) -> None:
    assert login(outsider).get(reverse(f"admin:talents_{name}_changelist")).status_code == 302
