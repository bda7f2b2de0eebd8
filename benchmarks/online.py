"""Online checks against a stock view: both behind the same kind of server, on one database, under one generator."""

import json
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.db import connection, models
from django.test import Client, RequestFactory
from rest_framework.authtoken.models import Token

from benchmarks.cards import make_cards, make_partner
from benchmarks.figures import Figure, MeasurementFailed, Pair, in_pairs, number_of_rounds
from benchmarks.load import LOOPBACK, PATIENCE_SECONDS, Job, Report
from benchmarks.reference.models import Scan
from benchmarks.reference.views import ScanCreate
from cards.issuance import qr
from cards.verification.models import VerificationAttempt
from demo.services import web_server
from tests.factories.accounts import UserFactory

CARDS = 300
CONNECTIONS = 8
WORKERS, THREADS = 2, 4
SLICE_SECONDS = 3.0
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Side:
    """One of the two services: how it is asked, and the table that must gain a row for every answer."""

    settings: str
    path: str
    authorization: str
    bodies: list[dict[str, str]]
    expected: str
    table: type[models.Model]

    def run(self, port: int, *, seconds: float) -> Report:
        """Load the service for a time.

        :raises MeasurementFailed: if an answer is wrong, or was not recorded
        """
        job = Job(
            port=port,
            path=self.path,
            authorization=self.authorization,
            bodies=self.bodies,
            nonce_prefix=f"{uuid.uuid4().hex}-",
            expected=self.expected,
            seconds=seconds,
            connections=CONNECTIONS,
        )
        before = self._count()
        report = _generate(job)
        if report.unexpected:
            raise MeasurementFailed(f"{self.path} answered:\n{report.unexpected[0]}")
        if (recorded := self._count() - before) != report.answered:
            raise MeasurementFailed(f"{self.path} answered {report.answered} requests and recorded {recorded}")
        return report

    def _count(self) -> int:
        return self.table._default_manager.count()


def measure(seconds: float) -> list[Figure]:
    """Compare rate and latency at eight connections, and count our statements."""
    ours, reference = _make_sides()
    statements = _count_statements(ours), _count_statements_of_reference(reference)
    with ExitStack() as stack:
        port, reference_port = (_serve(stack, side) for side in (ours, reference))
        for side, its_port in ((ours, port), (reference, reference_port)):
            side.run(its_port, seconds=WARM_UP_SECONDS)
        reports = in_pairs(
            lambda: ours.run(port, seconds=SLICE_SECONDS),
            lambda: reference.run(reference_port, seconds=SLICE_SECONDS),
            rounds=number_of_rounds(seconds, slice_seconds=SLICE_SECONDS),
        )
    return _figures(reports, statements)


def _make_sides() -> tuple[Side, Side]:
    partner = make_partner()
    bodies = [{"code": qr.address_of(edition.code), "purpose": partner.purpose.code} for edition in make_cards(CARDS)]
    token = Token.objects.create(user=UserFactory())
    ours = Side(
        settings="benchmarks.settings",
        path="/api/v1/verifications/",
        authorization=f"Bearer {partner.token}",
        bodies=bodies,
        expected='"outcome": "valid"',
        table=VerificationAttempt,
    )
    reference = Side(
        settings="benchmarks.reference.settings",
        path="/scans/",
        authorization=f"Token {token.key}",
        bodies=bodies,
        expected="HTTP/1.1 201 ",
        table=Scan,
    )
    return ours, reference


def _serve(stack: ExitStack, side: Side) -> int:
    """Start a side's web server; return its port."""
    environment = {"DJANGO_SETTINGS_MODULE": side.settings}
    server = stack.enter_context(web_server(environment, workers=WORKERS, threads=THREADS))
    port = urlsplit(server.url).port
    assert port is not None
    return port


def _generate(job: Job) -> Report:
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        timeout=job.seconds + 3 * PATIENCE_SECONDS,
    )
    if process.returncode:
        raise MeasurementFailed(f"the load generator failed:\n{process.stderr}")
    return Report(**json.loads(process.stdout))


def _count_statements(side: Side) -> int:
    client = Client(SERVER_NAME=LOOPBACK)

    def send() -> int:
        body = {**side.bodies[0], "nonce": uuid.uuid4().hex}
        response = client.post(side.path, body, "application/json", headers={"Authorization": side.authorization})
        return int(response.status_code)

    return _statements_of(send)


def _count_statements_of_reference(side: Side) -> int:
    view = ScanCreate.as_view()

    def send() -> int:
        body = {**side.bodies[0], "nonce": uuid.uuid4().hex}
        headers = {"Authorization": side.authorization}
        return int(view(RequestFactory().post(side.path, body, "application/json", headers=headers)).status_code)

    return _statements_of(send)


def _statements_of(send: Callable[[], int]) -> int:
    """Return how many statements a request makes once what is kept is there."""
    statements = []

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's signature
        statements.append(sql)
        return execute(sql, params, many, context)

    first = send()
    with connection.execute_wrapper(count):
        second = send()
    if not {first, second} <= {200, 201}:
        raise MeasurementFailed(f"answered {first} and {second}")
    return len(statements)


def _figures(reports: list[tuple[Report, Report]], statements: tuple[int, int]) -> list[Figure]:
    def pairs(read: Callable[[Report], float]) -> list[Pair]:
        return [Pair(read(ours), read(reference)) for ours, reference in reports]

    answered = sum(ours.answered for ours, _reference in reports)
    cores = [statistics.median(report.core for report in side) for side in zip(*reports, strict=True)]
    note = (
        f"{CONNECTIONS} connections, granian {WORKERS} workers × {THREADS} threads; all {answered} answers recorded; "
        f"the load generator took {cores[0]:.0%} of a core (reference: {cores[1]:.0%})"
    )
    latency = {"unit": "ms", "is_less_better": True}
    return [
        Figure(work="online-check", unit="1/s", pairs=pairs(lambda r: r.rate), required=1.3, goal=1.9, note=note),
        Figure(work="online-check p50", pairs=pairs(lambda r: r.p50), required=0.7, goal=0.45, **latency),
        Figure(work="online-check p99", pairs=pairs(lambda r: r.p99), required=1.2, goal=0.8, **latency),
        Figure(
            work="online-check statements",
            unit="a request",
            ours=statements[0],
            reference=statements[1],
            required=2,
            goal=1,
            is_less_better=True,
        ),
    ]
