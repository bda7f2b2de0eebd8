"""What anybody reads of a release: its pages, its feed, and its signed list."""

import base64
import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jwcrypto.common import JWException
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from cards.credentials.operations import rotate_signing_key
from cards.issuance.models import PolicyVersion
from cards.nominations import operations
from cards.nominations.models import Nomination, NoticeRelease, PublicNotice
from cards.nominations.notice_lists import CONTENT_TYPE
from cards.talents.models import Talent
from talentcard.accounts.models import User
from tests.factories.nominations import make_passed, make_under_notice

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = reverse("nominations:release-feed")
LIST = reverse("nominations:notice-list")


@pytest.fixture
def release(under_notice: Nomination) -> NoticeRelease:
    return under_notice.notice.release


@pytest.fixture
def make_release(
    policy: PolicyVersion, nominator: User, preliminary_reviewer: User, second_reviewer: User
) -> Callable[[int], NoticeRelease]:
    """Return a function that releases so many cases together."""

    def make(count: int) -> NoticeRelease:
        cases = [make_passed(nominator, preliminary_reviewer, second_reviewer) for _ in range(count)]
        made = operations.release_notices(
            actor=second_reviewer, nomination_ids=[case.pk for case in cases], at=timezone.now()
        )
        return made.release

    return make


def json_path(release: NoticeRelease) -> str:
    return reverse("api-release-list-signed", args=[release.year, release.serial])


def pages(notice: PublicNotice) -> list[str]:
    return [notice.release.get_absolute_url(), reverse("nominations:notice-detail", args=[notice.pk])]


def end(notice: PublicNotice) -> None:
    """Let the notice's time be over, before anything has noticed."""
    long_ago = timezone.now() - dt.timedelta(days=30)
    notice.release.opened_at = notice.opened_at = long_ago
    notice.release.closes_at = notice.closes_at = long_ago + dt.timedelta(days=5)
    notice.release.save()
    notice.save()


def is_signed(body: bytes, keys: bytes) -> bool:
    """Check a signed list by itself, as the documentation says, with an independent library."""
    answer = json.loads(body)
    payload = json.dumps(answer["list"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    flattened = {
        "payload": base64.urlsafe_b64encode(payload).rstrip(b"=").decode(),
        "protected": answer["protected"],
        "signature": answer["signature"],
    }
    token = JWS()
    token.allowed_algs = ["EdDSA"]
    try:
        token.deserialize(json.dumps(flattened))
        kid = token.jose_header["kid"]
        token.verify(JWKSet.from_json(keys.decode()).get_key(kid))
    except JWException:
        return False
    return bool(token.is_valid)


def test_open_pages_may_be_indexed_and_say_until_when(release: NoticeRelease, client: Client) -> None:
    notice = release.notices.get()

    for path in pages(notice):
        page = client.get(path)
        assert notice.nomination.talent.name in page.content.decode()
        assert "noindex" not in page["X-Robots-Tag"]
        assert "unavailable_after" in page["X-Robots-Tag"]
        assert b'name="robots"' not in page.content
    assert release.number in client.get(LIST).content.decode()


@pytest.mark.parametrize("is_noticed", [False, True])
def test_after_the_end_nobody_is_named_and_nothing_is_indexed(
    release: NoticeRelease, client: Client, is_noticed: bool
) -> None:
    notice = release.notices.get()
    end(notice)
    if is_noticed:
        assert operations.close_due_notices(at=timezone.now()) == 1

    for path in pages(notice):
        page = client.get(path)
        assert page.status_code == 200
        assert "noindex" in page["X-Robots-Tag"]
        assert b'<meta name="robots" content="noindex' in page.content
        assert notice.nomination.talent.name not in page.content.decode()
        assert notice.nomination.employer_display not in page.content.decode()
    for path in (LIST, reverse("api-notice-list"), reverse("api-release-list"), json_path(release)):
        answer = client.get(path).content.decode()
        assert notice.nomination.talent.name not in answer
    listed = client.get(json_path(release)).json()["list"]
    assert (listed["is_open"], listed["people"]) == (False, [])


def test_a_paused_notice_outlives_its_release(release: NoticeRelease, client: Client) -> None:
    notice = release.notices.get()
    operations.lodge_objection(notice=notice, name="路人", contact="13900000000", text="不同意", at=timezone.now())
    notice.refresh_from_db()
    end(notice)

    page = client.get(release.get_absolute_url())
    person = client.get(json_path(release)).json()["list"]["people"][0]

    assert notice.nomination.talent.name in page.content.decode()
    assert page["X-Robots-Tag"] == "noarchive"
    assert (person["name"], person["closes_at"]) == (notice.nomination.talent.name, None)
    assert "路人" not in page.content.decode()


def test_people_under_secrecy_are_in_no_page_feed_or_list(
    make_release: Callable[[int], NoticeRelease], client: Client
) -> None:
    release = make_release(2)
    secret = release.notices.order_by("pk")[0].nomination.talent
    Talent.objects.filter(pk=secret.pk).update(is_secret=True)

    for path in (
        LIST,
        FEED,
        release.get_absolute_url(),
        json_path(release),
        reverse("api-notice-list"),
        reverse("api-release-list"),
    ):
        assert secret.name not in client.get(path).content.decode()
    assert len(client.get(json_path(release)).json()["list"]["people"]) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_public_reads_ask_the_same_number_of_queries(
    count: int, make_release: Callable[[int], NoticeRelease], client: Client, django_assert_num_queries: Any
) -> None:
    release = make_release(count)
    client.get(json_path(release))

    with django_assert_num_queries(3):
        assert len(client.get(release.get_absolute_url()).context["items"]) == count
    # The release, its people, the key.
    with django_assert_num_queries(3):
        assert len(client.get(json_path(release)).json()["list"]["people"]) == count
    # The tag, the newest, the releases.
    with django_assert_num_queries(3):
        client.get(FEED)


def test_the_page_and_the_signed_list_name_the_same_people(
    make_release: Callable[[int], NoticeRelease], client: Client
) -> None:
    release = make_release(3)

    named = [item["title"] for item in client.get(release.get_absolute_url()).context["items"]]

    assert [person["name"] for person in client.get(json_path(release)).json()["list"]["people"]] == named


def test_signed_list_holds_no_contact_or_identity_and_nothing_unforeseen(
    release: NoticeRelease, client: Client
) -> None:
    talent = release.notices.get().nomination.talent

    answer = client.get(json_path(release))

    listed = answer.json()["list"]
    assert set(listed) == {"closes_at", "is_open", "issued_at", "number", "opened_at", "people", "title"}
    (person,) = listed["people"]
    assert set(person) == {"basis", "closes_at", "employer", "name", "nominator", "notice", "tier"}
    text = answer.content.decode()
    for private in (talent.phone, talent.email, talent.identity_documents.get().number):
        assert private not in text
    assert abs(dt.datetime.fromisoformat(listed["issued_at"]) - timezone.now()) < dt.timedelta(minutes=2)
    assert "noindex" in answer["X-Robots-Tag"]


def test_signature_holds_with_the_published_keys_and_no_changed_byte_passes(
    release: NoticeRelease, client: Client
) -> None:
    body = client.get(json_path(release)).content
    keys = client.get(reverse("credentials:key-list")).content

    assert is_signed(body, keys)
    header = json.loads(base64.urlsafe_b64decode(json.loads(body)["protected"] + "=="))
    assert header == {"alg": "EdDSA", "cty": CONTENT_TYPE, "kid": json.loads(keys)["keys"][0]["kid"]}
    name = release.notices.get().nomination.talent.name
    for before, after in (
        (name, f"{name}甲"),
        (release.number, release.number.replace("1号", "2号")),
        ('"is_open":true', '"is_open":false'),
        ('"signature":"', '"signature":"A'),
        ('"protected":"ey', '"protected":"fy'),
    ):
        changed = body.decode().replace(before, after, 1).encode()
        assert changed != body
        assert not is_signed(changed, keys)


def test_what_is_signed_is_the_very_bytes_between_the_members(release: NoticeRelease, client: Client) -> None:
    body = client.get(json_path(release)).content
    keys = client.get(reverse("credentials:key-list")).json()["keys"]
    answer = json.loads(body)
    found = re.fullmatch(rb'\{"list":(\{.*\}),"protected":"[^"]+","signature":"[^"]+"\}', body)
    assert found is not None
    payload = base64.urlsafe_b64encode(found[1]).rstrip(b"=")
    signature = base64.urlsafe_b64decode(answer["signature"] + "==")
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(keys[0]["x"] + "=="))

    public.verify(signature, answer["protected"].encode() + b"." + payload)
    with pytest.raises(InvalidSignature):
        public.verify(signature, answer["protected"].encode() + b"." + payload[:-1] + b"A")


def test_a_list_signed_before_the_key_was_replaced_still_holds(release: NoticeRelease, client: Client) -> None:
    before = client.get(json_path(release)).content
    rotate_signing_key(actor=None, at=timezone.now())
    keys = client.get(reverse("credentials:key-list")).content

    after = client.get(json_path(release)).content

    assert json.loads(before)["protected"] != json.loads(after)["protected"]
    assert is_signed(before, keys)
    assert is_signed(after, keys)


def test_signed_list_is_not_sent_again_to_who_has_it(release: NoticeRelease, client: Client) -> None:
    first = client.get(json_path(release))
    while first.json()["list"]["issued_at"] != client.get(json_path(release)).json()["list"]["issued_at"]:
        first = client.get(json_path(release))

    again = client.get(json_path(release), headers={"If-None-Match": first["ETag"]})

    assert again.status_code in (304, 200)
    assert (again.status_code == 304) is (again["ETag"] == first["ETag"])


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        (FEED, "zh-CN", "海河英才卡公示"),
        (FEED, "en", "Public notices of the Haihe Talent Card"),
        (reverse("nominations:release-feed-in", args=["en"]), "zh-CN", "Public notices of the Haihe Talent Card"),
        (reverse("nominations:release-feed-in", args=["zh-hans"]), "en", "海河英才卡公示"),
    ],
)
def test_feed_tells_of_each_release_in_the_readers_language_and_names_nobody(
    release: NoticeRelease, client: Client, path: str, language: str, title: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": language})

    feed = ElementTree.fromstring(answer.content)  # our own
    (entry,) = feed.findall(f"{ATOM}entry")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert feed.findtext(f"{ATOM}title") == title
    assert (entry.findtext(f"{ATOM}title") or "").startswith(release.number)
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].endswith(release.get_absolute_url())
    assert release.notices.get().nomination.talent.name not in answer.content.decode()
    assert "Accept-Language" in answer["Vary"]


def test_feed_is_not_sent_again_to_who_has_it(
    release: NoticeRelease, client: Client, make_release: Callable[[int], NoticeRelease]
) -> None:
    first = client.get(FEED)

    by_tag = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    by_time = client.get(FEED, headers={"If-Modified-Since": first["Last-Modified"]})
    in_english = client.get(FEED, headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})
    make_release(1)
    after = client.get(FEED, headers={"If-None-Match": first["ETag"]})

    assert [each.status_code for each in (by_tag, by_time, in_english, after)] == [304, 304, 200, 200]


def test_feed_without_a_release_is_empty_and_in_no_third_language(client: Client, db: None) -> None:
    assert b"<entry" not in client.get(FEED).content
    assert client.get(reverse("nominations:release-feed-in", args=["fr"])).status_code == 404


def test_what_is_no_release_is_not_found(release: NoticeRelease, client: Client) -> None:
    for year, serial in ((release.year, 99), (99999999999, 1), (release.year, 10**30)):
        assert client.get(reverse("nominations:release-detail", args=[year, serial])).status_code == 404
        assert client.get(reverse("api-release-list-signed", args=[year, serial])).status_code == 404


def test_list_of_releases_is_open_to_anybody_and_asks_alike_for_one_and_three(
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    policy: PolicyVersion,
    client: Client,
    django_assert_num_queries: Any,
) -> None:
    for count in (1, 3):
        while NoticeRelease.objects.count() < count:
            make_under_notice(nominator, preliminary_reviewer, second_reviewer)
        with django_assert_num_queries(2):
            listed = client.get(reverse("api-release-list")).json()["results"]
        assert len(listed) == count
    assert client.get(listed[0]["url"]).status_code == 200
    assert client.post(reverse("api-release-list"), {}).status_code in (401, 403)


def test_robots_are_asked_to_stay_with_what_is_public(client: Client) -> None:
    rules = client.get("/robots.txt")

    assert rules["Content-Type"].startswith("text/plain")
    assert "Disallow: /nominations/\n" in rules.content.decode()
    assert "Allow: /nominations/notices/\n" in rules.content.decode()
