"""Direct issues: proposed by one issuer, decided by another. Parse, permit, one operation, render."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.issuance.models import RecognisedEntry
from cards.nominations import operations, queries
from cards.nominations.api.permissions import IsIssuerOrReads
from cards.nominations.api.serializers import BulkRowOutput
from cards.nominations.api.serializers import direct as shapes
from cards.nominations.api.views import KEY, REFUSALS, find_policy, read
from cards.nominations.models import DirectIssue, ImportBatch
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import User
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import InvalidInput
from talentcard.documents.responses import private_file

MINE = OpenApiParameter("mine", bool, description="Only what waits for me, the nearest deadline first.")


class DirectIssueView(APIView):
    """What every endpoint of direct issues shares."""

    permission_classes = [IsAuthenticated, IsIssuerOrReads]

    def find(self, case_id: UUID) -> DirectIssue:
        """Return a direct issue the user may read."""
        return get_object_or_404(queries.direct_issues_visible_to(self.request.user), pk=case_id)

    def actor(self) -> User:
        """Return the signed-in user."""
        return cast("User", self.request.user)

    def show(self, case: DirectIssue, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with a direct issue as it is now."""
        fresh = DirectIssue.objects.with_parties().get(pk=case.pk)
        return Response(shapes.DirectIssueDetailOutput(fresh).data, status=code)


class DirectIssueListView(DirectIssueView, ListAPIView):
    """Direct issues, and where one is proposed."""

    serializer_class = shapes.DirectIssueOutput
    parser_classes = [MultiPartParser, FormParser, JSONParser]

    def get_queryset(self) -> QuerySet[DirectIssue]:
        if getattr(self, "swagger_fake_view", False):
            return DirectIssue.objects.none()
        if self.request.query_params.get("mine", "").lower() in ("1", "true"):
            return queries.direct_inbox(self.actor(), at=timezone.now())
        return queries.direct_issues_visible_to(self.request.user)

    @extend_schema(operation_id="direct_issues_list", parameters=[MINE])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the direct issues you may read, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="direct_issues_create",
        parameters=[KEY],
        request=shapes.DirectIssueInput,
        responses={201: shapes.DirectIssueDetailOutput, **REFUSALS, 503: REFUSALS[409]},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Propose to give a person on a recognised list a card; a second officer decides."""
        data = read(shapes.DirectIssueInput, request)
        uploads = shapes.uploads_of(data)
        now = timezone.now()
        bases = queries.direct_bases(now)
        proposal = operations.Proposal(
            **find_policy(data.pop("basis"), data.pop("tier"), bases=bases, tiers=queries.open_tiers(now)),
            district=data.pop("district"),
            entry=_entry(data.pop("entry")),
            phone=data["phone"],
            email=data["email"],
        )
        names = ("kind", "number")
        identity = {name: data.pop(f"identity_{name}") for name in names}
        person = operations.NomineeInput(
            identity=IdentityInput(**identity, issuing_region=data.pop("issuing_region")), **data
        )
        case = operations.propose_direct_issue(
            actor=self.actor(), person=person, proposal=proposal, uploads=uploads, at=now
        )
        return self.show(case, code=status.HTTP_201_CREATED)


class DirectIssueDetailView(DirectIssueView):
    """One direct issue."""

    @extend_schema(
        operation_id="direct_issues_retrieve",
        responses={200: shapes.DirectIssueDetailOutput, 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """Show a direct issue with what it rests on."""
        return self.show(self.find(case_id))


class DirectConfirmView(DirectIssueView):
    """The second officer agrees."""

    @extend_schema(
        operation_id="direct_issues_confirm",
        parameters=[KEY],
        request=shapes.DirectDecisionInput,
        responses={200: shapes.DirectIssueDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        """Confirm what another issuer proposed: the card is awarded."""
        data = read(shapes.DirectDecisionInput, request)
        case = self.find(case_id)
        return self.show(
            operations.confirm_direct_issue(actor=self.actor(), case=case, item_id=data["item"], at=timezone.now())
        )


class DirectRefuseView(DirectIssueView):
    """The second officer disagrees."""

    @extend_schema(
        operation_id="direct_issues_refuse",
        parameters=[KEY],
        request=shapes.DirectRefusalInput,
        responses={200: shapes.DirectIssueDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        """Refuse what another issuer proposed."""
        data = read(shapes.DirectRefusalInput, request)
        case = self.find(case_id)
        return self.show(
            operations.refuse_direct_issue(
                actor=self.actor(), case=case, reason=data["reason"], item_id=data["item"], at=timezone.now()
            )
        )


class DirectWithdrawView(DirectIssueView):
    """Who proposed it takes it back."""

    @extend_schema(
        operation_id="direct_issues_withdraw",
        parameters=[KEY],
        request=None,
        responses={200: shapes.DirectIssueDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, case_id: UUID) -> Response:
        """Take back what you have proposed, before it is decided."""
        case = self.find(case_id)
        return self.show(operations.withdraw_direct_issue(actor=self.actor(), case=case, at=timezone.now()))


class DirectDryRunView(DirectIssueView):
    """What a bulk proposal would do."""

    @extend_schema(
        operation_id="direct_issues_dry_run",
        request=shapes.DirectListInput,
        responses={200: shapes.DirectDryRunOutput, 400: REFUSALS[400], 403: REFUSALS[403]},
    )
    def post(self, request: Request) -> Response:
        """Say whom the list of a basis would give a card and why, and whom not and why; nothing is written."""
        now = timezone.now()
        found = _policy(read(shapes.DirectListInput, request), now)
        answer = {
            "policy_version": found["basis"].policy.number,
            "candidates": operations.dry_run(actor=self.actor(), at=now, **found),
            **found,
        }
        return Response(shapes.DirectDryRunOutput(answer).data)


class DirectBulkView(DirectIssueView):
    """Many at once."""

    @extend_schema(
        operation_id="direct_issues_bulk_create",
        parameters=[KEY],
        request=shapes.DirectBulkInput,
        responses={200: shapes.DirectProposalOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Propose the people whom entries of a list name; each succeeds or fails on its own."""
        data, now = read(shapes.DirectBulkInput, request), timezone.now()
        results = operations.propose_many(actor=self.actor(), entries=data["entries"], at=now, **_policy(data, now))
        return Response(shapes.DirectProposalOutput(results, many=True).data)


class DirectBulkDecisionView(DirectIssueView):
    """Many cases, one decision."""

    @extend_schema(
        operation_id="direct_issues_bulk_decision",
        parameters=[KEY],
        request=shapes.DirectBulkDecisionInput,
        responses={200: BulkRowOutput(many=True), **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Confirm or refuse many direct issues; each succeeds or fails on its own, and the answer says which."""
        data = read(shapes.DirectBulkDecisionInput, request)
        results = operations.decide_direct_issues(
            actor=self.actor(),
            case_ids=data["ids"],
            is_confirmed=data["is_confirmed"],
            reason=data["reason"],
            at=timezone.now(),
        )
        return Response(BulkRowOutput(results, many=True).data)


class DirectSheetView(DirectIssueView):
    """All cases of a sheet of Green Cards, for its second officer."""

    def find_sheet(self, batch_id: UUID) -> ImportBatch:
        """Return a sheet of which something waits for the user, or which they confirmed."""
        if (batch := queries.sheet_for(self.actor(), batch_id, at=timezone.now())) is None:
            raise Http404
        return batch

    def show_sheet(self, batch: ImportBatch, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with how far the confirmation is."""
        waiting = queries.waiting_of_sheet(self.actor(), batch, at=timezone.now()).count()
        progress = queries.confirmation_progress(self.actor(), batch)
        shape = shapes.SheetConfirmationOutput({"waiting": waiting, "confirmation": progress})
        return Response(shape.data, status=code)

    @extend_schema(
        operation_id="direct_issues_sheet", responses={200: shapes.SheetConfirmationOutput, 404: ErrorOutput}
    )
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Show how much of a sheet waits for me, and how far my confirmation of it is."""
        return self.show_sheet(self.find_sheet(batch_id))

    @extend_schema(
        operation_id="direct_issues_sheet_confirm",
        parameters=[KEY],
        request=None,
        responses={202: shapes.SheetConfirmationOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Have every case of a sheet that waits for me confirmed, each by itself; what cannot be waits on."""
        batch = self.find_sheet(batch_id)
        operations.confirm_sheet(actor=self.actor(), batch=batch, at=timezone.now())
        return self.show_sheet(batch, code=status.HTTP_202_ACCEPTED)


class DirectEvidenceView(DirectIssueView):
    """One document."""

    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="direct_issues_evidence_download",
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            403: REFUSALS[403],
            404: REFUSALS[404],
        },
    )
    def get(self, request: Request, case_id: UUID, evidence_id: UUID) -> FileResponse:
        """Download a document of a direct issue."""
        case = self.find(case_id)
        evidence = get_object_or_404(case.evidence.select_related("document"), pk=evidence_id)
        return private_file(operations.read_direct_evidence(actor=self.actor(), case=case, evidence=evidence))


def _policy(data: dict[str, Any], now: Any) -> dict[str, Any]:
    return find_policy(
        data["basis"],
        data["tier"],
        bases=queries.direct_bases(now),
        tiers=queries.open_tiers(now),
    )


def _entry(pk: UUID | None) -> RecognisedEntry | None:
    if pk is None:
        return None
    entry = RecognisedEntry.objects.filter(pk=pk).first()
    if entry is None:
        raise InvalidInput.of("entry", "unknown_entry", _("There is no such entry."))
    return entry
