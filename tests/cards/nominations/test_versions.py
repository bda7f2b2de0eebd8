"""The life of a policy version: copied, completed, put into effect, then changed no more."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.nominations import checks, operations, queries
from cards.nominations.choices import EvidenceKind, IntegrityKind, LimitedStep
from cards.nominations.models import CreditClass, Nomination, RequiredCheck, RequiredDocument, StepLimit
from cards.nominations.operations.versions import VersionFrozen
from talentcard.accounts.models import User
from talentcard.audit.models import AuditEvent
from talentcard.core.errors import InvalidInput
from tests.concurrency import at_once
from tests.factories.nominations import complete, make_policy

Login = Callable[[User], Client]
NOW = timezone.now()
SOON = NOW + dt.timedelta(days=30)
# Everything that goes with a version: what a copy must bring along.
OWN_ROWS = {Tier, Basis, StepLimit, CreditClass, RequiredCheck, RequiredDocument, Basis.tiers.through}


@pytest.fixture
def whole(policy: PolicyVersion) -> PolicyVersion:
    """The version in force, complete."""
    RequiredCheck.objects.create(policy=policy, kind=IntegrityKind.DISHONEST_DEBTOR, tier="A")
    return complete(policy)


@pytest.fixture
def prepared(whole: PolicyVersion) -> PolicyVersion:
    """A copy of it, without a date."""
    return operations.copy_version(actor=None, policy=whole, at=NOW)


@pytest.fixture
def admin(administrator: User, login: Login) -> Client:
    return login(administrator)


def said_by(policy: PolicyVersion) -> dict[str, Any]:
    """Return everything a version says, without keys."""

    def values(row: models.Model) -> dict[str, Any]:
        return {name: value for name, value in model_to_dict(row).items() if name not in ("id", "policy", "tiers")}

    return {
        "tiers": [values(row) for row in policy.tiers.all()],
        "limits": [values(row) for row in policy.step_limits.all()],
        "classes": [values(row) for row in policy.credit_classes.all()],
        "checks": [values(row) for row in policy.required_checks.all()],
        "bases": [
            (
                values(basis),
                [tier.code for tier in basis.tiers.all()],
                [document.kind for document in basis.required_documents.all()],
            )
            for basis in policy.bases.all()
        ],
    }


def change_url(row: models.Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def form_of(policy: PolicyVersion, **changes: Any) -> dict[str, Any]:
    """Return the version's page as a browser sends it back, with changes."""
    data: dict[str, Any] = {
        "number": policy.number,
        "effective_from_0": "",
        "effective_from_1": "",
        "legal_ground_zh": policy.legal_ground_zh,
        "legal_ground_en": policy.legal_ground_en,
        "remedies_zh": policy.remedies_zh,
        "remedies_en": policy.remedies_en,
        "appeal_days": policy.appeal_days,
        "lapses_uncorrected": "on",
    }
    for prefix, rows in (
        ("tiers", policy.tiers.all()),
        ("step_limits", policy.step_limits.all()),
        ("credit_classes", policy.credit_classes.all()),
        ("required_checks", policy.required_checks.all()),
    ):
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for place, row in enumerate(rows):
            values = {name: value for name, value in model_to_dict(row).items() if value is not False}
            data |= {f"{prefix}-{place}-{name}": value for name, value in values.items()}
            data |= {f"{prefix}-{place}-id": row.pk, f"{prefix}-{place}-policy": policy.pk}
    return data | changes


def date_form(at: dt.datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {"effective_from_0": f"{local:%Y-%m-%d}", "effective_from_1": f"{local:%H:%M:%S}"}


def test_a_copy_says_the_same_and_has_no_date(whole: PolicyVersion, prepared: PolicyVersion) -> None:
    assert (prepared.number, prepared.effective_from) == (2, None)
    assert said_by(prepared) == said_by(whole)
    assert not {tier.pk for tier in prepared.tiers.all()} & {tier.pk for tier in whole.tiers.all()}
    assert AuditEvent.objects.get(action="policyversion.copied").data == {"from": 1, "to": 2}


def test_a_copy_brings_everything_that_goes_with_a_version() -> None:
    owned = {
        relation.related_model
        for model in (PolicyVersion, Tier, Basis)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE
    }

    assert owned == OWN_ROWS


def test_a_complete_version_takes_effect_on_its_date(whole: PolicyVersion, prepared: PolicyVersion) -> None:
    operations.put_into_effect(actor=None, policy=prepared, effective_from=SOON, at=NOW)

    assert queries.policy_in_force(at=SOON - dt.timedelta(seconds=1)) == whole
    assert queries.policy_in_force(at=SOON) == prepared
    assert not queries.is_frozen(PolicyVersion.objects.get(number=2), at=NOW)
    with pytest.raises(VersionFrozen):
        operations.withdraw_date(actor=None, policy=prepared, at=SOON)


@pytest.mark.parametrize(
    ("spoil", "lack"),
    [
        (lambda policy: policy.step_limits.filter(step="appeal").delete(), "There is no time limit for: appeal."),
        (lambda policy: policy.credit_classes.all().delete(), "No credit class may nominate."),
        (lambda policy: policy.bases.get(code="tiankai").tiers.clear(), "Basis tiankai leads to no tier."),
        (lambda policy: policy.tiers.filter(code="B").update(renewal_days=0), "Tier B has no renewal window."),
        (
            lambda policy: policy.bases.filter(code="overseas").update(recognised_list=None),
            "Basis overseas leads to a direct issue and has no recognised list.",
        ),
        (
            lambda policy: RequiredDocument.objects.filter(basis__policy=policy, basis__code="postdoc").delete(),
            "Basis postdoc requires no documents.",
        ),
    ],
)
def test_an_incomplete_version_gets_no_date_and_everything_it_lacks_is_said(
    prepared: PolicyVersion, spoil: Callable[[PolicyVersion], object], lack: str
) -> None:
    spoil(prepared)

    with pytest.raises(InvalidInput) as caught:
        operations.put_into_effect(actor=None, policy=prepared, effective_from=SOON, at=NOW)

    assert [fault.code for fault in caught.value.errors] == ["incomplete"]
    with translation.override("en"):
        assert queries.shortcomings_of(prepared) == [lack]
    prepared.refresh_from_db()
    assert prepared.effective_from is None


def test_versions_take_effect_in_their_order_and_not_in_the_past(whole: PolicyVersion, prepared: PolicyVersion) -> None:
    third = operations.copy_version(actor=None, policy=whole, at=NOW)
    operations.put_into_effect(actor=None, policy=third, effective_from=SOON, at=NOW)

    for date, code in ((NOW - dt.timedelta(days=1), "past"), (SOON, "order")):
        with pytest.raises(InvalidInput) as caught:
            operations.put_into_effect(actor=None, policy=prepared, effective_from=date, at=NOW)
        assert [fault.code for fault in caught.value.errors] == [code]
    with pytest.raises(VersionFrozen):
        operations.put_into_effect(actor=None, policy=whole, effective_from=SOON, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_once_are_two_versions() -> None:
    policy = make_policy()

    copies = at_once([partial(operations.copy_version, actor=None, policy=policy, at=NOW)] * 2)

    assert sorted(copy.number for copy in copies) == [2, 3]


def test_the_check_warns_of_an_incomplete_policy_in_force(policy: PolicyVersion) -> None:
    assert [each.id for each in checks.policy_is_complete(databases=["default"])] == ["nominations.W002"]
    complete(policy)
    assert checks.policy_is_complete(databases=["default"]) == []
    PolicyVersion.objects.update(effective_from=None)
    assert [each.id for each in checks.policy_is_complete(databases=["default"])] == ["nominations.W001"]
    # Not asked for, the check leaves the database alone.
    assert checks.policy_is_complete() == []
    call_command("check", "--database", "default", verbosity=0)


def test_the_check_lets_a_database_be_migrated_first(db: None) -> None:
    assert [each.id for each in checks.policy_is_complete(databases=["default"])] == ["nominations.W001"]
    (last,) = MigrationLoader(connection).graph.leaf_nodes("nominations")
    MigrationRecorder(connection).record_unapplied(*last)

    assert checks.policy_is_complete(databases=["default"]) == []


def test_a_version_in_force_is_read_only_and_so_is_everything_in_it(whole: PolicyVersion, admin: Client) -> None:
    before = said_by(whole)
    basis = whole.bases.get(code="laboratory")

    rows = [whole, whole.tiers.all()[0], basis, whole.step_limits.all()[0], whole.credit_classes.all()[0]]
    posts = [admin.post(change_url(row), form_of(whole, **{"step_limits-0-working_days": 99})) for row in rows]
    deletes = [admin.post(change_url(row).replace("change", "delete"), {"post": "yes"}) for row in rows]

    assert [answer.status_code for answer in (*posts, *deletes)] == [403] * 10
    assert said_by(whole) == before
    assert admin.get(change_url(whole)).status_code == 200


def test_a_version_that_a_case_rests_on_is_read_only_even_without_a_date(submitted: Nomination, admin: Client) -> None:
    PolicyVersion.objects.update(effective_from=None)

    assert admin.post(change_url(submitted.policy), form_of(submitted.policy)).status_code == 403
    assert admin.post(change_url(submitted.basis), {"notice_working_days": 1}).status_code == 403


def test_nothing_is_added_to_a_version_in_force(whole: PolicyVersion, admin: Client) -> None:
    page = reverse("admin:issuance_tier_add")
    data = {"policy": whole.pk, "code": "D", "name_zh": "丁", "name_en": "D", "validity_months": 1, "renewal_days": 1}

    assert admin.post(page, data).status_code == 200
    assert not Tier.objects.filter(code="D").exists()


def test_a_prepared_version_is_changed_by_inline_and_the_change_recorded(
    prepared: PolicyVersion, admin: Client
) -> None:
    limit = prepared.step_limits.all()[0]

    answer = admin.post(change_url(prepared), form_of(prepared, **{"step_limits-0-working_days": 42}))

    limit.refresh_from_db()
    assert (answer.status_code, limit.working_days) == (302, 42)
    noted = AuditEvent.objects.get(action="steplimit.changed")
    assert (noted.target_id, noted.data) == (str(limit.pk), {"fields": ["working_days"], "policy": 2})


def test_the_admin_copies_dates_and_takes_the_date_back(
    whole: PolicyVersion, prepared: PolicyVersion, admin: Client
) -> None:
    listing = reverse("admin:issuance_policyversion_changelist")
    admin.post(listing, {"action": "copy_as_next", "_selected_action": [whole.pk]})
    assert set(PolicyVersion.objects.values_list("number", flat=True)) == {1, 2, 3}

    admin.post(change_url(prepared), form_of(prepared, **date_form(SOON)))
    prepared.refresh_from_db()
    assert prepared.effective_from == SOON.replace(microsecond=0)

    # A change that leaves it incomplete takes its date.
    delete = {f"step_limits-{place}-DELETE": "on" for place in range(len(LimitedStep))}
    admin.post(change_url(prepared), form_of(prepared, **date_form(SOON), **delete))
    prepared.refresh_from_db()
    assert (prepared.effective_from, prepared.step_limits.count()) == (None, 0)

    answer = admin.post(change_url(prepared), form_of(prepared, **date_form(SOON)), follow=True)
    prepared.refresh_from_db()
    assert prepared.effective_from is None
    assert "申诉" in answer.content.decode()


def test_a_basis_is_completed_with_its_documents_and_keeps_to_its_version(
    whole: PolicyVersion, prepared: PolicyVersion, admin: Client
) -> None:
    basis = prepared.bases.get(code="laboratory")
    documents = {
        "required_documents-TOTAL_FORMS": 1,
        "required_documents-INITIAL_FORMS": 0,
        "required_documents-0-kind": EvidenceKind.QUALIFICATION,
        "required_documents-0-basis": basis.pk,
    }
    values = {name: value for name, value in model_to_dict(basis).items() if value is not None and value is not False}

    foreign = [tier.pk for tier in whole.tiers.all()]
    refused = admin.post(change_url(basis), values | documents | {"tiers": foreign})
    own = [tier.pk for tier in prepared.tiers.all()]
    saved = admin.post(change_url(basis), values | documents | {"tiers": own, "experts_needed": 2})

    assert (refused.status_code, saved.status_code) == (200, 302)
    basis.refresh_from_db()
    assert (basis.experts_needed, basis.tiers.count()) == (2, 3)
    assert {document.kind for document in basis.required_documents.all()} == {"qualification", "recommendation"}


@pytest.mark.parametrize("role", ["outsider", "nominator", "second_reviewer"])
def test_nobody_else_administers_policy(
    prepared: PolicyVersion, role: str, request: pytest.FixtureRequest, login: Login
) -> None:
    client = login(request.getfixturevalue(role))

    assert client.post(change_url(prepared), form_of(prepared, appeal_days=1)).status_code == 302
    prepared.refresh_from_db()
    assert prepared.appeal_days == 60
