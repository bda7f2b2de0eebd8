from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from cards.issuance.models import TalentCard
from services.perks import checks, operations, queries, registry
from services.perks.registry import Perk, RequestForm
from talentcard.accounts.models import User


@pytest.fixture
def _throwaway_installed() -> Iterator[None]:
    before = registry.all_perks()
    with override_settings(INSTALLED_APPS=["tests.services.perks.throwaway", *settings.INSTALLED_APPS]):
        yield
    for perk in registry.all_perks():
        if perk not in before:
            registry.unregister(type(perk))


@pytest.mark.usefixtures("_throwaway_installed")
def test_one_line_in_installed_apps_adds_a_perk(
    card: TalentCard, holder: User, api_for: Callable[[User], APIClient]
) -> None:
    listed = api_for(holder).get("/api/v1/perks/").json()
    request = operations.submit_request(actor=holder, perk="throwaway", details={}, at=timezone.now())

    assert "throwaway" in [entry["slug"] for entry in listed if entry["is_open"]]
    assert queries.requests_of(holder).get() == request


def make_perk(**values: object) -> type[Perk]:
    complete: dict[str, object] = {
        "slug": "complete",
        "name": "Complete",
        "summary": "Has all that a perk needs.",
        "department": "anything",
        "request_form": RequestForm,
    }
    return type("SomePerk", (Perk,), {**complete, **values})


@pytest.fixture
def registered(request: pytest.FixtureRequest) -> Iterator[None]:
    perk = registry.register(make_perk(**request.param))
    yield
    registry.unregister(perk)


@pytest.mark.parametrize(
    ("registered", "message"),
    [
        ({"name": ""}, "name is empty."),
        ({"department": ""}, "department is empty."),
        ({"slug": "Not a slug"}, "slug 'Not a slug' is not a slug of at most 40 characters."),
        ({"slug": "inbox"}, "slug 'inbox' is a path of the engine."),
        ({"working_days": 0}, "working_days is less than one."),
        ({"request_form": None}, "it can neither be asked for nor redeemed."),
        ({"quota": lambda self, context: None}, "purpose is empty, so no desk can redeem it."),
    ],
    indirect=["registered"],
)
@pytest.mark.usefixtures("registered")
def test_check_finds_an_incomplete_perk(message: str) -> None:
    assert [found.msg for found in checks.perks_are_complete()] == [message]


@pytest.mark.parametrize("registered", [{"slug": "schooling"}], indirect=True)
@pytest.mark.usefixtures("registered")
def test_check_finds_two_perks_of_one_slug() -> None:
    assert [found.msg for found in checks.perks_are_complete()] == ["Two perks have the slug 'schooling'."]


@pytest.mark.parametrize("registered", [{}], indirect=True)
@pytest.mark.usefixtures("registered")
def test_check_accepts_a_complete_perk() -> None:
    assert checks.perks_are_complete() == []
