import pytest
from django.test import Client

from cards.issuance.models import PolicyVersion, Tier
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from tests.factories.issuance import make_award, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client: Client, administrator: User) -> Client:
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tier_form(policy: PolicyVersion, months: int) -> dict[str, object]:
    return {
        "policy": policy.pk,
        "code": "A",
        "name_zh": "顶尖",
        "name_en": "Top",
        "validity_months": months,
        "renewal_days": 0,
    }


def test_tier_that_nothing_rests_on_is_edited_and_the_change_recorded(admin_client: Client) -> None:
    tier = make_policy().tiers.get(code="A")
    PolicyVersion.objects.update(effective_from=None)

    admin_client.post(f"/admin/issuance/tier/{tier.pk}/change/", tier_form(tier.policy, 48))

    tier.refresh_from_db()
    assert tier.validity_months == 48
    assert AuditEvent.objects.get(action="tier.changed").data == {
        "fields": ["validity_months"],
        "policy": tier.policy.number,
    }


def test_tier_of_an_award_is_read_only(admin_client: Client) -> None:
    tier = make_award(tier="A").tier
    before = tier.validity_months

    change = admin_client.post(f"/admin/issuance/tier/{tier.pk}/change/", tier_form(tier.policy, 48))
    delete = admin_client.post(f"/admin/issuance/tier/{tier.pk}/delete/", {"post": "yes"})

    assert (change.status_code, delete.status_code) == (403, 403)
    assert Tier.objects.get(pk=tier.pk).validity_months == before


def test_signing_keys_are_shown_and_never_changed(admin_client: Client) -> None:
    assert admin_client.get("/admin/credentials/signingkey/").status_code == 200
    assert admin_client.get("/admin/credentials/signingkey/add/").status_code == 403
