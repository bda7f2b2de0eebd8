"""The cast and the tools every test may use."""

import gc
import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from talentcard.accounts.choices import OrganisationKind, Role
from talentcard.accounts.models import Organisation, User
from talentcard.outbox import delivery, operations
from talentcard.outbox.choices import EntryStatus
from talentcard.outbox.models import Entry
from tests.emptying import empty_tables
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.template import copy_database

# How long an example takes says something of the machine, and nothing of the code.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

# A plain hasher: the tests sign people in hundreds of times, and Argon2 is slow on purpose.
FAST_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# How many new objects, and how many collections of younger ones, before garbage is looked for.
GARBAGE = (50_000, 20, 100)
STARTING_PROCESSES = ("tests/journeys/", "tests/demo/", "tests/test_servers.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, since everybody waits for what ends last: real processes, then the rest."""
    items.sort(key=lambda item: not item.nodeid.startswith(STARTING_PROCESSES))
    # What was imported stays: looking through all of it for garbage again and again is a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """Copy the database that `tests.run` has migrated; a run that has none migrates its own."""
    template = os.environ.get("TEST_TEMPLATE")
    if template is None:
        request.getfixturevalue("django_db_setup")
        return
    with django_db_blocker.unblock():
        copy_database(template)


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any) -> None:
    settings.PASSWORD_HASHERS = FAST_HASHER
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.AXES_ENABLED = False


@pytest.fixture(autouse=True)
def _default_language() -> None:
    # A request leaves its language in the thread: the next test would go on in it.
    translation.deactivate()


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    cache.clear()


@pytest.fixture
def run_outbox() -> Callable[[], int]:
    """Return a function that runs everything due in the outbox, in this process, and counts what ran.

    Entries go through the same claim, fence and done mark as in a worker; only the broker is left out.
    """

    def run() -> int:
        count = 0
        while entry := Entry.objects.filter(status=EntryStatus.WAITING, run_at__lte=timezone.now()).first():
            fence = entry.fence + 1
            Entry.objects.filter(pk=entry.pk).update(status=EntryStatus.SENT, fence=fence)
            done = delivery.deliver(entry_id=entry.pk, fence=fence)
            assert done, f"{entry.task} failed: {Entry.objects.get(pk=entry.pk).last_error}"
            count += 1
        return count

    return run


@pytest.fixture(autouse=True)
def _nothing_reaches_a_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests of the broker itself ask for it with the marker; everywhere else the outbox keeps what it is given.
    if request.node.get_closest_marker("broker") is None:
        monkeypatch.setattr(operations, "relay", lambda **_: 0)


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture
def login(client: Client) -> Callable[[User], Client]:
    """Return a function that signs a user in and returns a client of their own."""

    def sign_in(user: User) -> Client:
        own = Client()
        own.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return own

    return sign_in


@pytest.fixture
def api_for() -> Callable[[User], APIClient]:
    """Return a function that gives a user an API client of their own."""

    def make(user: User) -> APIClient:
        own = APIClient()
        own.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return own

    return make


@pytest.fixture
def employer(db: None) -> Organisation:
    return OrganisationFactory(
        kind=OrganisationKind.EMPLOYER, name_zh="海河实验室", name_en="Haihe Laboratory", district="binhai"
    )


@pytest.fixture
def nominator(employer: Organisation) -> User:
    return give_role(UserFactory(username="nominator", organisation=employer), Role.NOMINATOR)


@pytest.fixture
def preliminary_reviewer(db: None) -> User:
    office = OrganisationFactory(kind=OrganisationKind.DISTRICT_OFFICE, district="binhai")
    user = UserFactory(username="preliminary", organisation=office)
    return give_role(user, Role.PRELIMINARY_REVIEWER, district="binhai")


@pytest.fixture
def bureau(db: None) -> Organisation:
    return OrganisationFactory(kind=OrganisationKind.BUREAU)


@pytest.fixture
def second_reviewer(bureau: Organisation) -> User:
    return give_role(UserFactory(username="second", organisation=bureau), Role.SECOND_REVIEWER)


@pytest.fixture
def issuer(bureau: Organisation) -> User:
    return give_role(UserFactory(username="issuer", organisation=bureau), Role.ISSUER)


@pytest.fixture
def perk_officer(bureau: Organisation) -> User:
    return give_role(UserFactory(username="officer", organisation=bureau), Role.PERK_OFFICER)


@pytest.fixture
def partner(db: None) -> User:
    airport = OrganisationFactory(kind=OrganisationKind.PARTNER, name_zh="滨海国际机场", name_en="Binhai Airport")
    return give_role(UserFactory(username="partner", organisation=airport), Role.PARTNER)


@pytest.fixture
def auditor(db: None) -> User:
    return give_role(UserFactory(username="auditor"), Role.AUDITOR)


@pytest.fixture
def administrator(db: None) -> User:
    return give_role(UserFactory(username="administrator", is_staff=True, is_superuser=True), Role.ADMINISTRATOR)


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody who is signed in and has no part in anything."""
    return UserFactory(username="outsider")


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied_between_tests() -> Iterator[None]:
    """Let Django empty the tables after a transactional test quickly, and the append-only ones too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield
