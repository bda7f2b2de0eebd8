import pytest
from django.db import connection

from talentcard.accounts.models import User
from talentcard.core.crypto import DecryptionError
from talentcard.core.fields import blind_index
from tests.factories.accounts import UserFactory


def stored_email(user: User) -> bytes:
    with connection.cursor() as cursor:
        key = user.pk.hex if connection.vendor == "sqlite" else user.pk
        cursor.execute("SELECT email FROM accounts_user WHERE id = %s", [key])
        return bytes(cursor.fetchone()[0])


def test_encrypted_field_is_not_readable_in_the_database(db: None) -> None:
    user = UserFactory(email="mei@example.com")

    assert b"mei@example.com" not in stored_email(user)
    assert User.objects.get(pk=user.pk).email == "mei@example.com"


def test_encrypted_field_moved_to_another_row_does_not_decrypt(db: None) -> None:
    mine, theirs = UserFactory(email="mine@example.com"), UserFactory(email="theirs@example.com")
    ids = [user.pk.hex if connection.vendor == "sqlite" else user.pk for user in (mine, theirs)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [stored_email(theirs), ids[0]])

    with pytest.raises(DecryptionError):
        User.objects.get(pk=mine.pk).email  # noqa: B018  # reading decrypts


def test_encrypted_field_survives_saving_what_was_never_read(db: None) -> None:
    user = User.objects.get(pk=UserFactory(email="mei@example.com").pk)

    user.save()

    assert User.objects.get(pk=user.pk).email == "mei@example.com"


def test_encrypted_field_refuses_filters_and_bulk_updates(db: None) -> None:
    with pytest.raises(TypeError, match="cannot be filtered"):
        User.objects.filter(email="mei@example.com")
    with pytest.raises(TypeError, match="save the instance"):
        User.objects.update(email="mei@example.com")


def test_encrypted_field_decrypts_with_a_retired_key(db: None, settings: object) -> None:
    user = UserFactory(email="mei@example.com")
    new = "2:bmV3LXRlc3RzLW9ubHktZW5jcnlwdGlvbi1rZXkhISE="
    settings.FIELD_ENCRYPTION_KEYS = [new, *settings.FIELD_ENCRYPTION_KEYS]  # type: ignore[attr-defined]

    rotated = User.objects.get(pk=user.pk)
    assert rotated.email == "mei@example.com"
    rotated.save()

    assert stored_email(user)[0] == 2


def test_blind_index_differs_by_purpose() -> None:
    assert blind_index("x", purpose="a") == blind_index("x", purpose="a")
    assert blind_index("x", purpose="a") != blind_index("x", purpose="b")


def test_encrypted_field_is_empty_where_a_new_column_s_default_is(db: None) -> None:
    field = User._meta.get_field("email")
    user = UserFactory(email="mei@example.com")

    default = field.get_db_prep_save("", connection)
    with connection.cursor() as cursor:
        key = user.pk.hex if connection.vendor == "sqlite" else user.pk
        cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [default, key])

    assert User.objects.get(pk=user.pk).email == ""
