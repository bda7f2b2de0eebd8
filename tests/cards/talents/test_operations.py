import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from cards.talents import identity as identities
from cards.talents.choices import IdentityKind, Relation
from cards.talents.models import Employment, FamilyMember, IdentityDocument, Talent
from cards.talents.names import are_same_name
from cards.talents.operations import (
    IdentityInput,
    IdentityMismatch,
    add_family_member,
    ensure_account,
    register_talent,
    replace_contact,
)
from cards.talents.queries import find_by_identity
from talentcard.accounts.models import Organisation, User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput
from talentcard.notifications.models import Message
from tests.factories.nominations import resident_number

NOW = timezone.now()
NUMBER = resident_number(1)


def register(number: str = NUMBER, kind: str = IdentityKind.RESIDENT_ID, **changes: object) -> Talent:
    fields: dict[str, object] = {"actor": None, "name": "欧阳·娜娜", "at": NOW, **changes}
    region = str(fields.pop("issuing_region", ""))
    return register_talent(
        identity=IdentityInput(kind=kind, number=number, issuing_region=region),
        **fields,  # type: ignore[arg-type]  # a dict of the operation's own arguments
    )


@pytest.mark.django_db
def test_register_talent_keeps_what_the_number_says(employer: Organisation) -> None:
    talent = register(employer=employer)

    document = IdentityDocument.objects.get()
    assert (document.talent, document.number) == (talent, NUMBER)
    assert (talent.birth_date, talent.birth_year) == ("1990-03-01", 1990)
    assert talent.gender == identities.gender_of(IdentityKind.RESIDENT_ID, NUMBER)
    assert Employment.objects.get().employer == employer
    assert list(AuditEvent.objects.values_list("action", "data")) == [
        ("talent.registered", {"document": "resident_id"})
    ]


@pytest.mark.django_db
def test_register_talent_stores_no_number_or_contact_in_the_clear() -> None:
    contact = {"phone": "13800001234", "email": "nana@example.com", "address": "滨海新区洞庭路1号"}
    replace_contact(actor=None, talent=register(), **contact)

    with connection.cursor() as cursor:
        for table in ("talents_talent", "talents_identitydocument", "audit_auditevent", "outbox_entry"):
            cursor.execute(f"SELECT * FROM {table}")
            dump = repr(cursor.fetchall())
            assert not any(secret in dump for secret in (NUMBER, *contact.values()))


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", [f" {NUMBER[:6]} {NUMBER[6:]} ", NUMBER.lower(), NUMBER[:6] + NUMBER[8:17]])
def test_register_talent_finds_the_same_person_however_the_number_is_typed(spelling: str) -> None:
    first = register()

    assert register(spelling, name="欧阳娜娜") == first
    assert find_by_identity(IdentityKind.RESIDENT_ID, spelling) == first
    assert Talent.objects.count() == 1


@pytest.mark.django_db
def test_register_talent_fills_what_was_empty_and_overwrites_nothing() -> None:
    register(nationality="", district="heping")

    talent = register(nationality="CHN", district="binhai")

    assert (talent.nationality, talent.district) == ("CHN", "heping")


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"name": "司马相如"}])
def test_register_talent_refuses_another_name_for_a_known_document(changes: dict[str, object]) -> None:
    talent = register()

    with pytest.raises(IdentityMismatch):
        register(**changes)

    talent.refresh_from_db()
    assert (talent.name, Talent.objects.count()) == ("欧阳·娜娜", 1)


@pytest.mark.django_db
def test_register_talent_refuses_another_birth_date_for_a_known_passport() -> None:
    register("E12345678", IdentityKind.PASSPORT, issuing_region="France", birth_date=dt.date(1980, 1, 2))

    with pytest.raises(IdentityMismatch):
        register("E12345678", IdentityKind.PASSPORT, issuing_region="France", birth_date=dt.date(1981, 1, 2))


@pytest.mark.django_db
def test_register_talent_tells_passports_of_two_countries_apart() -> None:
    register("E12345678", IdentityKind.PASSPORT, issuing_region="France")
    register("E12345678", IdentityKind.PASSPORT, issuing_region="Kenya", name="Wanjiru Kamau")

    assert Talent.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "kind", "birth_date", "expected"),
    [
        (NUMBER[:-1] + "?", IdentityKind.RESIDENT_ID, None, "identity_number"),
        (NUMBER, "library_card", None, "identity_kind"),
        (NUMBER, IdentityKind.RESIDENT_ID, dt.date(1990, 3, 2), "birth_date"),
    ],
)
def test_register_talent_names_the_field_at_fault(
    number: str, kind: str, birth_date: dt.date | None, expected: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        register(number, kind, birth_date=birth_date)

    assert [error.field for error in caught.value.errors] == [expected]
    assert NUMBER not in str(caught.value)
    assert Talent.objects.count() == 0


@pytest.mark.django_db
def test_ensure_account_makes_one_account_and_tells_its_owner_once(run_outbox: Callable[[], int]) -> None:
    talent = register()
    replace_contact(actor=None, talent=talent, phone="", email="nana@example.com", address="")

    users = {ensure_account(actor=None, talent=talent, at=NOW).pk for _ in range(2)}
    run_outbox()

    user = User.objects.get()
    assert users == {user.pk}
    assert (user.talent, user.email, user.language) == (talent, "nana@example.com", "zh-hans")
    assert not user.has_usable_password()
    assert list(Message.objects.values_list("event", "recipient")) == [("account.invited", user.pk)]


@pytest.mark.django_db
def test_ensure_account_writes_to_holders_of_a_passport_in_english() -> None:
    talent = register("E12345678", IdentityKind.PASSPORT, issuing_region="France")

    assert ensure_account(actor=None, talent=talent, at=NOW).language == "en"


@pytest.mark.django_db
def test_replace_contact_stops_once_the_person_has_an_account() -> None:
    talent = register()
    replace_contact(actor=None, talent=talent, phone="1", email="wrong@example.com", address="示例路1号")
    replace_contact(actor=None, talent=talent, phone="1", email="right@example.com", address="")
    ensure_account(actor=None, talent=talent, at=NOW)

    replace_contact(actor=None, talent=talent, phone="2", email="theirs@example.com", address="示例路2号")

    talent.refresh_from_db()
    assert (talent.phone, talent.email, talent.address) == ("1", "right@example.com", "")
    assert AuditEvent.objects.filter(action="talent.contact_replaced").count() == 2


@pytest.mark.django_db
def test_add_family_member_registers_a_child_once() -> None:
    talent = register()
    number = resident_number(2, birth="20180901")
    child = IdentityInput(kind=IdentityKind.RESIDENT_ID, number=number)

    members = {
        add_family_member(
            actor=None,
            talent=talent,
            relation=Relation.CHILD,
            name="欧阳小娜",
            birth_date=dt.date(2018, 9, 1),
            identity=child,
            at=NOW,
        ).pk
        for _ in range(2)
    }

    member = FamilyMember.objects.get()
    assert members == {member.pk}
    assert (member.name, member.birth_date, member.identity_number) == ("欧阳小娜", "2018-09-01", number)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉买买提", True),
        ("John SMITH", "Smith, John", True),
        ("Anne-Marie Curie", "ANNE MARIE CURIE", True),
        ("ＬＩ Ｗｅｉ", "Li Wei", True),
        ("张三", "张四", False),
        ("王𬭎", "王铉", False),
        ("", "张三", False),
    ],
)
def test_are_same_name(one: str, other: str, same: bool) -> None:
    assert are_same_name(one, other) is same
