from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from talentcard.accounts.models import User
from talentcard.notifications.models import Message
from talentcard.notifications.operations import notify
from tests.servers.sms_gateway import Fault, SimulatedGateway

Login = Callable[[User], Client]


def test_administrator_finds_what_the_gateway_refused_and_changes_nothing(
    gateway: SimulatedGateway, holder: User, administrator: User, login: Login, run_outbox: Callable[[], int]
) -> None:
    notify(event="card.revoked", recipient=holder, key="fact", params={"number": "HH1"})
    gateway.fail(Fault.TEMPLATE_REFUSED)
    run_outbox()
    message = Message.objects.get()
    client = login(administrator)

    found = client.get(reverse("admin:notifications_message_changelist"), {"sms_status__exact": "failed"})
    path = reverse("admin:notifications_message_change", args=[message.pk])
    read, changed = client.get(path), client.post(path, {"sms_status": "sent"})

    assert str(message.pk) in found.content.decode()
    assert holder.display_name not in found.content.decode() + read.content.decode()
    assert changed.status_code == 403
    message.refresh_from_db()
    assert message.sms_status == "failed"


def test_administrator_enters_a_mobile_in_any_spelling_and_no_other_number(
    holder: User, administrator: User, login: Login
) -> None:
    path = reverse("admin:accounts_user_change", args=[holder.pk])
    form = {
        "username": holder.username,
        "display_name": holder.display_name,
        "language": holder.language,
        "email": holder.email,
        "wants_sms": "on",
        "is_active": "on",
        "role_assignments-TOTAL_FORMS": "0",
        "role_assignments-INITIAL_FORMS": "0",
    }

    wrong = login(administrator).post(path, {**form, "phone": "022-23456789"})
    right = login(administrator).post(path, {**form, "phone": "139 0000 1234"})

    assert wrong.status_code == 200
    assert wrong.context["adminform"].form.errors.keys() == {"phone"}
    assert right.status_code == 302
    holder.refresh_from_db()
    assert (holder.phone, holder.email) == ("+8613900001234", "holder@example.com")


def test_the_administration_of_messages_is_closed_to_others(outsider: User, login: Login) -> None:
    assert login(outsider).get(reverse("admin:notifications_message_changelist")).status_code == 302
