"""What the administration shows of nominations."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cards.issuance.models import PolicyVersion
from cards.nominations.models import Nomination, StepLimit
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent

Login = Callable[[User], Client]


def test_cases_are_read_and_not_changed(submitted: Nomination, administrator: User, login: Login) -> None:
    client = login(administrator)
    page = reverse("admin:nominations_nomination_change", args=[submitted.pk])

    shown = client.get(page)
    refused = client.post(page, {"status": "approved"})

    assert shown.status_code == 200
    assert submitted.statement not in shown.content.decode()
    assert refused.status_code == 403
    assert Nomination.objects.get().status == submitted.status


def test_a_new_time_limit_stands_in_the_audit_log(policy: PolicyVersion, administrator: User, login: Login) -> None:
    PolicyVersion.objects.update(effective_from=None)
    limit = StepLimit.objects.get(step="second")
    data = {"policy": str(limit.policy_id), "step": "second", "working_days": "9"}

    login(administrator).post(reverse("admin:nominations_steplimit_change", args=[limit.pk]), data)

    limit.refresh_from_db()
    assert limit.working_days == 9
    assert AuditEvent.objects.filter(action="steplimit.changed", target_id=str(limit.pk)).count() == 1


@pytest.mark.parametrize("model", ["nomination", "importbatch", "steplimit"])
def test_the_administration_is_closed_to_others(model: str, outsider: User, login: Login) -> None:
    assert login(outsider).get(reverse(f"admin:nominations_{model}_changelist")).status_code == 302
