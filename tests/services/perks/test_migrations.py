"""What ratings were before casework kept them is moved there whole."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from cards.issuance.models import TalentCard
from services.perks import operations
from services.perks.choices import RATING_KIND
from services.schooling.models import SchoolPlaces
from talentcard.accounts.models import User
from talentcard.casework.models import Rating
from tests.factories.perks import make_request

migration = import_module("services.perks.migrations.0002_ratings_to_casework")


class _Earlier:
    """Stands for the registry of models as it was: ratings still hang off requests."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def get_model(self, app: str, name: str) -> Any:
        if app == "casework":
            return apps.get_model(app, name)
        chosen = SimpleNamespace(iterator=lambda chunk_size: iter(self.rows))
        return SimpleNamespace(objects=SimpleNamespace(select_related=lambda *_: chosen))


@pytest.mark.django_db
def test_ratings_keep_their_author_office_comment_and_time(
    card: TalentCard, holder: User, places: SchoolPlaces, schooling_officer: User
) -> None:
    request = make_request(card, places)
    operations.decline_request(actor=schooling_officer, request_id=request.pk, reason="No.", at=timezone.now())
    at = timezone.now()
    row = SimpleNamespace(request=request, request_id=request.pk, level=2, comment="Slow", at=at)

    migration.move_ratings(_Earlier([row]), None)

    rating = Rating.objects.get()
    assert (rating.kind, rating.subject_id, rating.number) == (RATING_KIND, request.pk, request.number)
    assert (rating.level, rating.comment, rating.at, rating.item) == (2, "Slow", at, None)
    assert (rating.rated_by, rating.office) == (holder, schooling_officer.organisation)
