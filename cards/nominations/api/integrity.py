"""Integrity checks of a case, and the facts that sources' own systems report."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from oauth2_provider.contrib.rest_framework import OAuth2Authentication, TokenHasScope
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations, queries
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsReviewer
from cards.nominations.api.stops import StopView
from cards.nominations.api.views import KEY, REFUSALS, read
from cards.nominations.choices import IntegrityKind
from cards.nominations.models import IntegrityFact, IntegritySource, Nomination
from cards.nominations.operations import FactInput
from cards.talents.operations import IdentityInput
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import NotAllowed


class _CaseIntegrityView(StopView):
    permission_classes = [IsAuthenticated, IsReviewer]

    def show_integrity(self, nomination: Nomination) -> Response:
        """Answer with all that is known of a nominee's integrity."""
        known = {
            "missing_checks": queries.missing_checks(nomination),
            "checks": queries.checks_in(nomination),
            "facts": queries.facts_in(nomination),
        }
        return Response(shapes.IntegrityOutput(known).data)


class IntegrityView(_CaseIntegrityView):
    """What is known of a nominee's integrity."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="nominations_integrity",
        responses={200: shapes.IntegrityOutput, 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show the checks made for a case, what is on record, and what is still to be checked."""
        return self.show_integrity(self.find_readable(nomination_id))


class IntegrityCheckView(_CaseIntegrityView):
    """A check."""

    @extend_schema(
        operation_id="nominations_integrity_check",
        parameters=[KEY],
        request=shapes.IntegrityCheckInput,
        responses={200: shapes.IntegrityOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Record a check and what it found; a hit stops the case until it is decided."""
        nomination = self.find_readable(nomination_id)
        data = read(shapes.IntegrityCheckInput, request)
        operations.record_check(
            actor=self.actor(),
            nomination=nomination,
            kind=IntegrityKind(data["kind"]),
            source=data["source"],
            hit=FactInput(**data["hit"]) if data["hit"] else None,
            at=timezone.now(),
        )
        return self.show_integrity(nomination)


class IntegrityRulingView(_CaseIntegrityView):
    """What a case makes of a fact."""

    @extend_schema(
        operation_id="nominations_integrity_decide",
        parameters=[KEY],
        request=shapes.RulingInput,
        responses={200: shapes.IntegrityOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, fact_id: UUID) -> Response:
        """Let the case go on despite a fact, or reject it for that."""
        nomination = self.find_readable(nomination_id)
        data = read(shapes.RulingInput, request)
        fact = get_object_or_404(IntegrityFact, pk=fact_id)
        operations.rule_on_fact(actor=self.actor(), nomination=nomination, fact=fact, at=timezone.now(), **data)
        return self.show_integrity(nomination)


class IntegrityWithdrawalView(_CaseIntegrityView):
    """A fact that is no longer one."""

    @extend_schema(
        operation_id="nominations_integrity_withdraw",
        parameters=[KEY],
        request=shapes.WithdrawalInput,
        responses={200: shapes.IntegrityOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, fact_id: UUID) -> Response:
        """Withdraw what an officer recorded; what a source's system recorded, that system withdraws."""
        nomination = self.find_readable(nomination_id)
        data = read(shapes.WithdrawalInput, request)
        fact = get_object_or_404(IntegrityFact, pk=fact_id)
        operations.withdraw_fact(actor=self.actor(), nomination=nomination, fact=fact, at=timezone.now(), **data)
        return self.show_integrity(nomination)


class _SourceView(APIView):
    authentication_classes = [OAuth2Authentication]
    permission_classes = [TokenHasScope]
    required_scopes = ["integrity"]

    def source(self) -> IntegritySource:
        """Return the source whose system asks.

        :raises NotAllowed: if it is none, or no longer one
        """
        auth: Any = self.request.auth
        sources = IntegritySource.objects.filter(is_active=True, system__is_active=True)
        source = sources.filter(system__application=auth.application_id).first()
        if source is None:
            raise NotAllowed
        return source


class FactReportView(_SourceView):
    """What a source's system has on record."""

    @extend_schema(
        operation_id="integrity_facts_report",
        request=shapes.FactReportInput,
        responses={201: shapes.FactReceiptOutput, 401: ErrorOutput, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Record a fact about a registered person; the same reference again is answered with the same fact."""
        source = self.source()
        data = read(shapes.FactReportInput, request)
        fact = operations.report_fact(
            source=source,
            identity=IdentityInput(
                kind=data["identity_kind"], number=data["identity_number"], issuing_region=data["issuing_region"]
            ),
            kind=IntegrityKind(data["kind"]),
            hit=FactInput(reference=data["reference"], dated_on=data["dated_on"], text=data["text"]),
            at=timezone.now(),
        )
        return Response(shapes.FactReceiptOutput(fact).data, status=status.HTTP_201_CREATED)


class FactRetractionView(_SourceView):
    """What a source's system takes back."""

    @extend_schema(
        operation_id="integrity_facts_retract",
        request=shapes.FactRetractionInput,
        responses={200: shapes.FactReceiptOutput, 401: ErrorOutput, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Withdraw a fact that this system recorded; again, nothing changes."""
        source = self.source()
        data = read(shapes.FactRetractionInput, request)
        fact = operations.retract_report(source=source, at=timezone.now(), **data)
        return Response(shapes.FactReceiptOutput(fact).data)
