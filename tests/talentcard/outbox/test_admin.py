from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from talentcard.accounts.models import User
from talentcard.outbox import operations
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.factories.accounts import UserFactory

PAGE = reverse("admin:outbox_entry_changelist")


def ask_to_try_again(user: User, entry: Entry) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post(PAGE, {"action": "try_again", "_selected_action": [str(entry.pk)]})
    entry.refresh_from_db()


def given_up_entry() -> Entry:
    entry = operations.enqueue("tests.effect", name="given up")
    Entry.objects.filter(pk=entry.pk).update(status=EntryStatus.DEAD, attempts=10)
    return entry


def test_administrator_has_an_entry_tried_again_and_is_named_for_it(db: None) -> None:
    administrator = UserFactory(is_staff=True, is_superuser=True)
    entry = given_up_entry()

    ask_to_try_again(administrator, entry)

    assert (entry.status, entry.attempts) == (EntryStatus.WAITING, 0)
    assert LogEntry.objects.get().user == administrator


def test_who_only_looks_at_entries_has_none_tried_again(db: None) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_entry"))
    entry = given_up_entry()

    ask_to_try_again(reader, entry)

    assert (entry.status, entry.attempts) == (EntryStatus.DEAD, 10)
    assert not LogEntry.objects.exists()
