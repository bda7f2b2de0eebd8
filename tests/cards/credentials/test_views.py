import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from talentcard_verifier.keys import TrustedKeys
from talentcard_verifier.statuslist import StatusList as PublishedList

from cards.credentials import operations, publishing
from cards.credentials.choices import StatusValue
from cards.credentials.models import StatusEntry, StatusList
from talentcard.outbox.models import Entry
from tests.factories.credentials import make_code

KEYS = "/.well-known/talentcard-keys"
LIST = "/status/1.cwt"

pytestmark = pytest.mark.django_db


def test_keys_are_public_and_cacheable(client: Client) -> None:
    operations.ensure_signing_key(at=timezone.now())

    response = client.get(KEYS)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=300"
    (key,) = response.json()["keys"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x", "iss", "nbf"}
    assert "Set-Cookie" not in response
    TrustedKeys.from_json(response.content)


def test_keys_are_not_sent_again_to_those_who_have_them(client: Client) -> None:
    operations.ensure_signing_key(at=timezone.now())
    etag = client.get(KEYS)["ETag"]

    assert client.get(KEYS, headers={"If-None-Match": etag}).status_code == 304
    operations.rotate_signing_key(actor=None, at=timezone.now())
    assert client.get(KEYS, headers={"If-None-Match": etag}).status_code == 200


def test_status_list_is_made_for_the_first_to_ask(client: Client) -> None:
    make_code()

    response = client.get(LIST)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/statuslist+cwt"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=60"
    keys = TrustedKeys.from_json(client.get(KEYS).content)
    assert PublishedList.parse(response.content, keys).uri.endswith(LIST)


def test_status_list_changes_its_etag_with_its_content(client: Client) -> None:
    make_code()
    first = client.get(LIST)
    same = client.get(LIST, headers={"If-None-Match": first["ETag"]})
    since = client.get(LIST, headers={"If-Modified-Since": first["Last-Modified"]})
    operations.set_status(entry=StatusEntry.objects.get(), value=StatusValue.REVOKED, at=timezone.now())
    publishing.publish_status_list(status_list_id=StatusList.objects.get().pk, at=timezone.now())

    changed = client.get(LIST, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, since.status_code, changed.status_code) == (304, 304, 200)
    assert same["Access-Control-Allow-Origin"] == "*"


def test_status_list_is_served_without_the_database(client: Client, django_assert_num_queries: object) -> None:
    make_code()
    client.get(LIST)

    with django_assert_num_queries(0):  # type: ignore[operator]
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("path", ["/status/2.cwt", "/status/99999999999999999999.cwt", f"/status/{'9' * 400}.cwt"])
def test_unknown_status_list_is_not_found(client: Client, path: str) -> None:
    make_code()

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [KEYS, LIST])
def test_public_files_cannot_be_written(client: Client, path: str) -> None:
    make_code(at=timezone.now() - dt.timedelta(minutes=1))
    before = Entry.objects.count()

    answers = [client.post(path), client.put(path), client.delete(path)]

    assert [answer.status_code for answer in answers] == [405, 405, 405]
    assert Entry.objects.count() == before
    assert client.head(path).status_code == 200
