"""Make accounts, give roles, register partner systems."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import Application

from talentcard.accounts.choices import Role
from talentcard.accounts.models import Organisation, PartnerSystem, RoleAssignment, User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError
from talentcard.core.phones import to_e164
from talentcard.core.transactions import atomic_operation
from talentcard.notifications.operations import notify


class UsernameTaken(DomainError):
    """Somebody else signs in under this name."""

    code = "username_taken"
    message = _("The user name %(username)s is taken.")


@atomic_operation
def invite_user(
    *,
    actor: User | None,
    username: str,
    display_name: str,
    email: str,
    at: dt.datetime,
    phone: str = "",
    language: str = "zh-hans",
) -> User:
    """Make an account without a password and send its owner the link that sets one.

    The link is made when the message is sent and is never stored: it is a credential.

    :param phone: as somebody wrote it; what no text message can reach is left out
    :raises UsernameTaken: if the user name is in use
    """
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(field="username", username=username)
    user = User.objects.create_user(
        username, display_name=display_name, email=email, phone=to_e164(phone), language=language
    )
    record(actor=actor, action="account.invited", target=user)
    notify(event="account.invited", recipient=user, key=str(user.pk), params={"username": username})
    return user


@atomic_operation
def change_phone(*, actor: User | None, user: User, phone: str) -> None:
    """Replace the number a person's text messages go to, as `invite_user` takes it; an empty one ends them."""
    number = to_e164(phone)
    if user.phone == number:
        return
    user.phone = number
    user.save(update_fields=["phone", "updated_at"])
    record(actor=actor, action="account.phone_changed", target=user, data={"is_reachable": bool(number)})


def activation_url(user: User) -> str:
    """Return the absolute link that lets its bearer set the account's password, once and for three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("activate", kwargs={"uidb64": uid, "token": token})


@atomic_operation
def assign_role(
    *,
    actor: User | None,
    user: User,
    role: Role,
    district: str = "",
    tier: str = "",
    department: str = "",
    valid_from: dt.datetime | None = None,
    valid_until: dt.datetime | None = None,
) -> RoleAssignment:
    """Give a person a role in a scope; giving the same again changes its period only."""
    assignment, _created = RoleAssignment.objects.update_or_create(
        user=user,
        role=role,
        district=district,
        tier=tier,
        department=department,
        defaults={"valid_from": valid_from, "valid_until": valid_until},
    )
    record(actor=actor, action="role.assigned", target=assignment, data={"role": role, "district": district})
    return assignment


@atomic_operation
def register_partner_system(
    *, actor: User | None, organisation: Organisation, name: str, client_id: str, client_secret: str
) -> PartnerSystem:
    """Register a partner's software; the secret is stored as a hash and cannot be shown again."""
    application = Application.objects.create(
        name=name,
        client_id=client_id,
        client_secret=client_secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    system = PartnerSystem.objects.create(application=application, organisation=organisation)
    record(actor=actor, action="partner_system.registered", target=system)
    return system


@atomic_operation
def let_system_nominate(*, actor: User | None, system: PartnerSystem) -> User:
    """Let a partner's system nominate for its organisation, in the name of an account that nobody can sign in with.

    What it may do ends like a person's: with its role, its account or the system itself. A second call changes nothing.
    """
    system = PartnerSystem.objects.select_for_update().get(pk=system.pk)
    if system.account is None:
        system.account = User.objects.create_user(
            f"system-{system.pk.hex}", display_name=system.application.name[:120], organisation=system.organisation
        )
        system.save(update_fields=["account", "updated_at"])
    assign_role(actor=actor, user=system.account, role=Role.NOMINATOR)
    record(actor=actor, action="partner_system.may_nominate", target=system)
    return system.account
