"""An officer's inbox with a hundred thousand cases waiting, against the same page with a thousand."""

import statistics
import time
from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from benchmarks.figures import Figure, MeasurementFailed, Pair
from cards.nominations.models import Nomination, Review, Transition
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.models import User
from talentcard.casework.models import WorkItem
from tests.factories.accounts import OrganisationFactory, UserFactory, give_role
from tests.factories.nominations import make_second_review, make_submitted

FEW, MANY = 1_000, 100_000
FEWEST_REQUESTS = 40
ROUNDS = 3


def measure(seconds: float) -> list[Figure]:
    """Compare the 95th percentile of the inbox, for both reviewers, as it fills."""
    city = _City()
    city.grow_to(FEW)
    few = city.percentiles(seconds / 2)
    city.grow_to(MANY)
    many = city.percentiles(seconds / 2)
    return [
        Figure(
            work=f"inbox p95, {step}",
            unit="ms",
            pairs=[Pair(*each) for each in zip(many[step], few[step], strict=True)],
            required=1.5,
            goal=1.2,
            is_less_better=True,
        )
        for step in city.reviewers
    ]


class _City:
    """Two reviewers with a few cases of their own, multiplied in the database."""

    def __init__(self) -> None:
        nominator = give_role(UserFactory(organisation=OrganisationFactory()), Role.NOMINATOR)
        preliminary = self._officer(Role.PRELIMINARY_REVIEWER)
        self.reviewers = {"preliminary": self._officer(Role.PRELIMINARY_REVIEWER)}
        self.reviewers["second"] = self._officer(Role.SECOND_REVIEWER)
        self.templates = [make_submitted(nominator), make_second_review(nominator, preliminary)]
        self.size = len(self.templates)

    @staticmethod
    def _officer(role: Role) -> User:
        return give_role(UserFactory(organisation=OrganisationFactory()), role)

    def grow_to(self, size: int) -> None:
        """Copy the templates until so many cases wait, each with its person, work item, reviews and history."""
        first, last = self.size // len(self.templates), size // len(self.templates) - 1
        cases = [case.pk for case in self.templates]
        copied = "md5({}::text || '-' || copy)::uuid"
        _multiply(Talent, "id", [case.talent_id for case in self.templates], {"user_id": "NULL"}, first, last)
        later = "{} + copy * interval '1 second'"
        _multiply(
            WorkItem,
            "subject_id",
            cases,
            {"subject_id": copied.format("subject_id"), "due_at": later.format("due_at"), "number": "'JJ-' || copy"},
            first,
            last,
        )
        number = "right(number, 2) || '-' || copy"
        own = {"talent_id": copied.format("talent_id"), "item_id": copied.format("item_id"), "number": number}
        _multiply(Nomination, "id", cases, own | {"created_at": later.format("created_at")}, first, last)
        for model in (Review, Transition):
            _multiply(model, "nomination_id", cases, {"nomination_id": copied.format("nomination_id")}, first, last)
        self.size = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def percentiles(self, seconds: float) -> dict[str, list[float]]:
        """Return each reviewer's 95th percentiles in ms, one a round."""
        return {
            step: [_percentile(officer, seconds / len(self.reviewers) / ROUNDS) for _ in range(ROUNDS)]
            for step, officer in self.reviewers.items()
        }


def _multiply(
    model: type[models.Model], key: str, keys: list[object], changes: Mapping[str, str], first: int, last: int
) -> None:
    """Copy rows once for each number from first to last; a copy's id follows from its original's and the number."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changes.get(column, column) for column in columns]
    values[columns.index("id")] = "md5(id::text || '-' || copy)::uuid"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {table}, generate_series(%s, %s) AS copy WHERE {key} = ANY(%s)",
            [first, last, keys],
        )


def _percentile(officer: AbstractBaseUser, seconds: float) -> float:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    path = reverse("nominations:nomination-inbox")
    taken: list[float] = []
    started = time.perf_counter()
    while time.perf_counter() < started + seconds or len(taken) < FEWEST_REQUESTS:
        before = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - before) * 1000)
        if response.status_code != 200 or response.content.count(b"<tr") < 50:
            raise MeasurementFailed("the inbox does not show a page of cases")
    return statistics.quantiles(taken, n=20)[-1]
