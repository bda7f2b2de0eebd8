from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from talentcard.accounts.models import User
from talentcard.accounts.operations import invite_user
from talentcard.notifications import operations
from talentcard.notifications.choices import EmailStatus
from talentcard.notifications.models import Message
from talentcard.outbox.models import Entry
from tests.concurrency import at_once
from tests.factories.accounts import UserFactory


@pytest.fixture
def told(outsider: User) -> Message:
    operations.notify(event="account.invited", recipient=outsider, key="fact", params={"username": outsider.username})
    return Message.objects.get()


def test_notify_tells_a_person_of_a_fact_once(told: Message, run_outbox: Callable[[], int]) -> None:
    operations.notify(event="account.invited", recipient=told.recipient, key="fact")

    assert Message.objects.get() == told
    assert run_outbox() == 1
    assert len(mail.outbox) == 1
    told.refresh_from_db()
    assert told.email_status == EmailStatus.SENT


def test_notify_each_tells_only_those_who_do_not_know_yet(
    told: Message, nominator: User, run_outbox: Callable[[], int], django_assert_num_queries: Any
) -> None:
    nominator.email = ""
    nominator.save()
    others = [UserFactory() for _ in range(3)]
    params = {"username": "x"}
    facts = [(user, "fact", params) for user in (told.recipient, nominator, *others)]

    with django_assert_num_queries(5):  # with the two of the transaction
        operations.notify_each(event="account.invited", facts=facts)

    assert run_outbox() == 1 + len(others)
    assert len(mail.outbox) == 1 + len(others)
    assert Message.objects.count() == 2 + len(others)
    assert Message.objects.get(recipient=nominator).email_status == EmailStatus.NONE


@pytest.mark.django_db(transaction=True)
def test_notify_from_two_places_at_once_tells_once(outsider: User) -> None:
    fact = {"event": "account.invited", "recipient": outsider, "key": "fact", "params": {"username": "x"}}

    at_once([lambda: operations.notify(**fact)] * 6)

    assert Message.objects.count() == 1
    assert Entry.objects.filter(task="notifications.send_email").count() == 1


def test_mail_folder_keeps_one_file_for_a_message_sent_twice(told: Message, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "talentcard.notifications.backends.MailFolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path

    # The worker dies between sending and noting it: the message is still waiting, and goes out again.
    operations.send_email(message=told)
    operations.send_email(message=told)

    assert [path.name for path in tmp_path.iterdir()] == [f"{told.pk}.eml"]


def test_invitation_lets_its_bearer_set_a_password_once(
    db: None, client: Client, run_outbox: Callable[[], int], settings: Any
) -> None:
    from django.utils import timezone

    user = invite_user(actor=None, username="mei", display_name="Mei", email="mei@example.com", at=timezone.now())
    run_outbox()
    link = mail.outbox[0].body.split()[-1].removeprefix(settings.SITE_URL)
    password = {"new_password1": "correct-horse-staple", "new_password2": "correct-horse-staple"}

    form = client.get(link, follow=True)
    response = client.post(form.redirect_chain[-1][0], password, follow=True)

    assert response.status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    again = Client().get(link, follow=True)
    assert again.context["validlink"] is False


def test_message_list_shows_only_the_readers_own(
    told: Message, nominator: User, login: Callable[[User], Client]
) -> None:
    own = login(told.recipient).get("/messages/").content.decode()
    other = login(nominator).get("/messages/").content.decode()

    assert told.recipient.username in own
    assert told.recipient.username not in other


def test_mark_read_touches_only_the_readers_own(
    told: Message, nominator: User, login: Callable[[User], Client]
) -> None:
    login(nominator).post("/messages/read/")
    told.refresh_from_db()
    assert told.read_at is None

    login(told.recipient).post("/messages/read/")
    told.refresh_from_db()
    assert told.read_at is not None
