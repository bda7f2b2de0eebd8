"""The list of a release as data: signed, so that who copies it can prove where it comes from and when."""

import datetime as dt
from typing import Any

from django.utils import timezone

from cards.credentials.jws import sign_detached
from cards.nominations import queries
from cards.nominations.models import Nomination, NoticeRelease, PublicNotice
from talentcard.core.canonical import canonical_json
from talentcard.core.models import BilingualName

CONTENT_TYPE = "haihe-talent-notice-list+json"


def signed_list(release: NoticeRelease, *, at: dt.datetime) -> bytes:
    """Return a release's list as it is now, in canonical JSON, with the signature over its member `list`.

    The signature is over the canonical JSON (RFC 8785) of that member, as a detached JWS in flattened form. Signed
    again within a minute, an unchanged list is the same, byte for byte.
    """
    content = release_list(release, at=at)
    signature = sign_detached(canonical_json(content), content_type=CONTENT_TYPE, at=at)
    return canonical_json({"list": content, "protected": signature.protected, "signature": signature.signature})


def release_list(release: NoticeRelease, *, at: dt.datetime) -> dict[str, Any]:
    """Return what the signed list says: what the release's page does, in both languages."""
    notices = list(queries.notices_in(release, at=at))
    return {
        "closes_at": _moment(release.closes_at),
        "is_open": bool(notices),
        "issued_at": _moment(at.replace(second=0, microsecond=0)),
        "number": release.number,
        "opened_at": _moment(release.opened_at),
        "people": [_person(notice) for notice in notices],
        "title": {"en": release.title_en, "zh-hans": release.title_zh},
    }


def _person(notice: PublicNotice) -> dict[str, Any]:
    nomination = notice.nomination
    return {
        "basis": _names(nomination.basis),
        # While its clock stands still nobody knows when it ends.
        "closes_at": None if notice.paused_at is not None else _moment(notice.closes_at),
        "employer": _employer(nomination),
        "name": nomination.talent.name,
        "nominator": _names(nomination.nominator),
        "notice": str(notice.pk),
        "tier": {"code": nomination.tier.code, **_names(nomination.tier)},
    }


def _employer(nomination: Nomination) -> dict[str, str]:
    if nomination.employer is not None:
        return _names(nomination.employer)
    return {"en": nomination.employer_name, "zh-hans": nomination.employer_name}


def _names(thing: BilingualName) -> dict[str, str]:
    return {"en": thing.name_en, "zh-hans": thing.name_zh}


def _moment(at: dt.datetime) -> str:
    """Return a time to the second, with its offset."""
    return timezone.localtime(at).isoformat(timespec="seconds")
