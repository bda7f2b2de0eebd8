from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import Delegation, Organisation, PartnerSystem, RoleAssignment, User
from talentcard.accounts.operations import let_system_nominate
from talentcard.audit.operations import record
from talentcard.core.admin import ReadOnlyAdmin
from talentcard.core.phones import to_e164


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name_zh", "name_en", "kind", "district"]
    list_filter = ["kind", "district"]
    search_fields = ["name_zh", "name_en", "credit_code"]


class RoleAssignmentInline(admin.TabularInline):
    model = RoleAssignment
    extra = 0


class UserForm(UserChangeForm):
    email = forms.EmailField(label=_("e-mail"), required=False)

    def clean_phone(self) -> str:
        """Return the number in its one spelling."""
        phone: str = self.cleaned_data["phone"]
        number = to_e164(phone)
        if phone and not number:
            raise forms.ValidationError(_("Text messages do not reach this number."), code="not_a_mobile")
        return number

    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"


class NewUserForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "display_name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    list_display = ["username", "display_name", "organisation", "is_active", "is_staff"]
    list_select_related = ["organisation"]
    search_fields = ["username", "display_name"]
    ordering = ["username"]
    inlines = [RoleAssignmentInline]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "language", "organisation"]}),
        (None, {"fields": ["email", "phone", "wants_sms"]}),
        (None, {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "password1", "password2"]})]
    list_filter = ["is_active", "is_staff"]
    filter_horizontal = []

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the roles edited beside the user, each change in the audit log."""
        super().save_formset(request, form, formset, change)
        for assignment in [*formset.new_objects, *[entry for entry, _fields in formset.changed_objects]]:
            if isinstance(assignment, RoleAssignment):
                record(
                    actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
                    action="role.assigned",
                    target=assignment,
                    data={"role": assignment.role, "district": assignment.district},
                )
        for assignment in formset.deleted_objects:
            record(
                actor=request.user,  # type: ignore[arg-type]  # the admin site lets nobody else in
                action="role.removed",
                target=form.instance,
                data={"role": assignment.role, "district": assignment.district},
            )


@admin.register(PartnerSystem)
class PartnerSystemAdmin(admin.ModelAdmin):
    list_display = ["application", "organisation", "account", "is_active"]
    list_select_related = ["application", "organisation", "account"]
    actions = ["let_nominate"]

    @admin.action(description=_("Let them nominate for their organisation"), permissions=["change"])
    def let_nominate(self, request: HttpRequest, queryset: QuerySet[PartnerSystem]) -> None:
        """Let the chosen systems nominate, by the operation."""
        for system in queryset:
            let_system_nominate(actor=request.user, system=system)  # type: ignore[arg-type]  # staff are signed in
        self.message_user(request, _("They may nominate now; a nominator's quota still sets the limit."))


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    """Which steps are left to which office; only operations change it."""

    list_display = ["role", "from_office", "to_office", "district", "tier", "valid_from", "valid_until", "withdrawn_at"]
    list_filter = ["role"]
    list_select_related = ["from_office", "to_office"]
