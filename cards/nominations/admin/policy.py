"""Policy data: a version is prepared, completed and given its date; once in force or used it is read, and copied."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import Basis, PolicyVersion, Tier
from cards.nominations import operations, queries
from cards.nominations.models import CreditClass, RequiredCheck, RequiredDocument, StepLimit
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput


class _FrozenWithItsVersion:
    """Read-only once the version may be changed no more; for pages and their inlines alike."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_change(obj)  # type: ignore[misc]  # an admin's mixin

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_change(obj)  # type: ignore[misc]  # an admin's mixin

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "policy":
            prepared = Q(effective_from=None) | Q(effective_from__gt=timezone.now())
            kwargs["queryset"] = PolicyVersion.objects.filter(prepared)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # an admin's mixin


class PolicyInline(_FrozenWithItsVersion, admin.TabularInline):
    """Rows of a version or a basis; the parent says whether they may be changed."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and _may_change(obj)


class TierInline(PolicyInline):
    model = Tier


class StepLimitInline(PolicyInline):
    model = StepLimit


class CreditClassInline(PolicyInline):
    model = CreditClass


class RequiredCheckInline(PolicyInline):
    model = RequiredCheck


class RequiredDocumentInline(PolicyInline):
    model = RequiredDocument


class PolicyDataAdmin(_FrozenWithItsVersion, admin.ModelAdmin):
    """Rows of policy data. Every change is in the audit log, and takes the date from a version it leaves incomplete."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _note(request, obj, "changed" if change else "added", fields=form.changed_data)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            _note(request, row, "deleted")
            row.delete()
        for row in rows:
            row.save()
        formset.save_m2m()
        for row, fields in formset.changed_objects:
            _note(request, row, "changed", fields=fields)
        for row in formset.new_objects:
            _note(request, row, "added")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.check_version(request, _version_of(form.instance))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        version = _version_of(obj)
        _note(request, obj, "deleted")
        super().delete_model(request, obj)
        if version is not obj:
            self.check_version(request, version)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Rows are deleted one by one: each version says whether they may be.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def check_version(self, request: HttpRequest, version: PolicyVersion) -> None:
        """Take back the date of a version that a change has left incomplete, and say so."""
        if version.effective_from is None or not (lacks := queries.shortcomings_of(version)):
            return
        operations.withdraw_date(actor=_actor(request), policy=version, at=timezone.now())
        text = _("Version %(number)s is not complete, so it has no date of effect: %(lacks)s")
        messages.warning(request, text % {"number": version.number, "lacks": " ".join(lacks)})


@admin.register(PolicyVersion)
class PolicyVersionAdmin(PolicyDataAdmin):
    """A version; its date is not saved with it but set by an operation, which looks whether the version is complete."""

    list_display = ["number", "effective_from", "legal_ground_zh", "is_sample"]
    inlines = [TierInline, StepLimitInline, CreditClassInline, RequiredCheckInline]
    actions = ["copy_as_next"]

    @admin.action(description=_("Copy as the next version"), permissions=["add"])
    def copy_as_next(self, request: HttpRequest, queryset: QuerySet[PolicyVersion]) -> None:
        for policy in queryset.order_by("number"):
            copy = operations.copy_version(actor=_actor(request), policy=policy, at=timezone.now())
            text = _("Version %(from)s was copied as version %(to)s. Change it, then give it its date.")
            messages.success(request, text % {"from": policy.number, "to": copy.number})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if "effective_from" in form.changed_data:
            obj.effective_from = form.initial.get("effective_from")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "effective_from" in form.changed_data:
            self._set_date(request, form.instance, form.cleaned_data["effective_from"])

    def _set_date(self, request: HttpRequest, policy: PolicyVersion, date: Any) -> None:
        now, actor = timezone.now(), _actor(request)
        try:
            if date is None:
                operations.withdraw_date(actor=actor, policy=policy, at=now)
            else:
                operations.put_into_effect(actor=actor, policy=policy, effective_from=date, at=now)
        except InvalidInput as error:
            faults = [str(fault.message) for fault in error.errors]
            messages.error(request, " ".join([str(_("The date of effect was not set:")), *faults]))
        except DomainError as error:
            messages.error(request, str(error))


class BasisForm(forms.ModelForm):
    """A basis leads to tiers of its own version."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        policy = data.get("policy")
        if policy is not None and any(tier.policy_id != policy.pk for tier in data.get("tiers", [])):
            self.add_error("tiers", _("Choose tiers of the same version."))
        return data


@admin.register(Basis)
class BasisAdmin(PolicyDataAdmin):
    form = BasisForm
    list_display = ["code", "name_zh", "name_en", "route", "notice_working_days", "policy"]
    list_filter = ["policy", "route"]
    list_select_related = ["policy"]
    filter_horizontal = ["tiers"]
    inlines = [RequiredDocumentInline]


@admin.register(Tier)
class TierAdmin(PolicyDataAdmin):
    list_display = ["code", "name_zh", "name_en", "validity_months", "renewal_days", "policy"]
    list_filter = ["policy"]
    list_select_related = ["policy"]


@admin.register(StepLimit)
class StepLimitAdmin(PolicyDataAdmin):
    list_display = ["policy", "step", "working_days"]
    list_filter = ["policy", "step"]
    list_select_related = ["policy"]


@admin.register(CreditClass)
class CreditClassAdmin(PolicyDataAdmin):
    list_display = ["policy", "code", "name_zh", "name_en", "may_nominate", "quota_percent"]
    list_filter = ["policy"]
    list_select_related = ["policy"]


@admin.register(RequiredCheck)
class RequiredCheckAdmin(PolicyDataAdmin):
    list_display = ["policy", "kind", "tier", "credit_class"]
    list_filter = ["policy", "kind"]
    list_select_related = ["policy"]


def _version_of(row: Any) -> PolicyVersion:
    if isinstance(row, PolicyVersion):
        return row
    policy: PolicyVersion = row.basis.policy if isinstance(row, RequiredDocument) else row.policy
    return policy


def _may_change(row: models.Model | None) -> bool:
    return row is None or not queries.is_frozen(_version_of(row), at=timezone.now())


def _note(request: HttpRequest, row: models.Model, what: str, **data: Any) -> None:
    data |= {"policy": _version_of(row).number}
    record(actor=_actor(request), action=f"{row._meta.model_name}.{what}", target=row, data=data)


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the admin site lets nobody else in
    return request.user
