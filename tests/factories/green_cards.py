"""Sheets of legacy Green Cards 绿卡, and a policy that upgrades them."""

import csv
import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, RecognisedList
from cards.nominations.operations import green_cards
from cards.nominations.sheets import GREEN_HEADINGS
from tests.factories.nominations import resident_number


def make_upgrade(policy: PolicyVersion) -> Basis:
    """Let a policy upgrade Green Cards to tiers B and C."""
    register = RecognisedList.objects.create(
        code="green-cards", name_zh="绿卡持有人（示例）", name_en="Green Cards (sample)"
    )
    basis = Basis.objects.create(
        policy=policy,
        code=green_cards.BASIS,
        name_zh="人才绿卡换发",
        name_en="Green Card upgrade",
        route=Route.DIRECT,
        recognised_list=register,
    )
    basis.tiers.set(policy.tiers.filter(code__in="BC"))
    return basis


def row(sequence: int = 1, **changes: object) -> dict[str, object]:
    """Return a row without faults, of somebody nobody else is."""
    return {
        "green_card": f"TJ-{sequence:06}",
        "name": f"示例持卡人{sequence}",
        "identity_kind": "resident_id",
        "identity_number": resident_number(sequence),
        "email": f"holder{sequence}@example.com",
        "employer": "示例单位",
        "district": "binhai",
        "tier": "B",
        "valid_until": (timezone.localdate() + dt.timedelta(days=200)).isoformat(),
        **changes,
    }


def sheet(*rows: dict[str, object], fields: list[str] | None = None, encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    """Return rows as a file with headings in Chinese."""
    names = fields or list(GREEN_HEADINGS)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow([GREEN_HEADINGS[name][0] for name in names])
    table.writerows([each.get(name, "") for name in names] for each in rows)
    return SimpleUploadedFile("green.csv", text.getvalue().encode(encoding))
