"""Cases: the nominator's side. Parse, permit, one operation, render."""

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
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.issuance.models import Basis, Tier
from cards.nominations import operations, queries, rules
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsNominator, IsNominatorToWrite, IsWindowClerk
from cards.nominations.api.systems import AUTHENTICATION, source_of
from cards.nominations.choices import NominationStatus
from cards.nominations.models import Evidence, Nomination
from cards.talents.operations import IdentityInput
from talentcard.accounts.models import Organisation, User
from talentcard.core.api.files import FileNegotiation
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import FieldError, InvalidInput, NotAllowed
from talentcard.documents.responses import private_file

REFUSALS = {400: ErrorOutput, 403: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput}
KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=False,
    description="Sent again with the same key, the request is carried out once and answered alike.",
)


class NominationView(APIView):
    """What every endpoint of one nomination shares: finding it, among those the user may read."""

    authentication_classes = AUTHENTICATION

    def get_authenticate_header(self, request: Request) -> str | None:  # type: ignore[override]  # None: answer 403
        """Ask for a token who came with one; whoever has a session, or nothing, is refused as everywhere."""
        return 'Bearer realm="api"' if "Authorization" in request.headers else None

    def find(self, nomination_id: UUID) -> Nomination:
        """Return a nomination the user may read."""
        return get_object_or_404(queries.visible_to(self.request.user).for_one(), pk=nomination_id)

    def actor(self) -> User:
        """Return the signed-in user."""
        return cast("User", self.request.user)

    def show(self, nomination: Nomination, *, code: int = status.HTTP_200_OK) -> Response:
        """Answer with a nomination as it is now."""
        readable = queries.visible_to(self.request.user).for_one()
        fresh = queries.with_answer_by(readable).get(pk=nomination.pk)
        return Response(shapes.NominationDetailOutput(fresh, context={"request": self.request}).data, status=code)


class NominationListView(NominationView, ListAPIView):
    """The nominations a user may read, and where a new one begins."""

    serializer_class = shapes.NominationOutput
    permission_classes = [IsAuthenticated, IsNominatorToWrite]

    def get_queryset(self) -> QuerySet[Nomination]:
        if getattr(self, "swagger_fake_view", False):
            return Nomination.objects.none()
        wanted = self.request.query_params
        is_mine = wanted.get("mine", "").lower() in ("1", "true")
        nominations = (
            queries.inbox(self.request.user, at=timezone.now()) if is_mine else queries.visible_to(self.request.user)
        )
        if state := wanted.get("status"):
            if state not in NominationStatus.values:
                raise InvalidInput.of("status", "unknown_status", _("There is no such status."))
            nominations = nominations.filter(status=state)
        return queries.with_answer_by(nominations)

    @extend_schema(
        operation_id="nominations_list",
        parameters=[
            OpenApiParameter("status", enum=NominationStatus.values),
            OpenApiParameter("mine", bool, description="Only what waits for me, the nearest deadline first."),
        ],
        responses={200: shapes.NominationOutput(many=True), 400: ErrorOutput},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="nominations_create",
        parameters=[KEY],
        request=shapes.DraftInput,
        responses={201: shapes.NominationDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin a nomination."""
        data = read(shapes.DraftInput, request)
        nominee = data["nominee"]
        identity = IdentityInput(
            kind=nominee.pop("identity_kind"),
            number=nominee.pop("identity_number"),
            issuing_region=nominee.pop("issuing_region"),
        )
        now = timezone.now()
        nomination = operations.create_draft(
            actor=self.actor(),
            nominee=operations.NomineeInput(identity=identity, **nominee),
            district=data["district"],
            statement=data["statement"],
            source=source_of(request),
            on_behalf_of=self.nominator(data["nominator"]),
            **find_policy(data["basis"], data["tier"], bases=queries.open_bases(now), tiers=queries.open_tiers(now)),
            at=now,
        )
        return self.show(nomination, code=status.HTTP_201_CREATED)

    def nominator(self, organisation_id: UUID | None) -> Organisation | None:
        """Return the organisation a window clerk files for.

        :raises NotAllowed: if it is none of theirs, whether it exists or not
        """
        if organisation_id is None or organisation_id == rules.nominating_organisation(self.request.user):
            return None
        found = queries.nominators_for(self.request.user).filter(pk=organisation_id).first()
        if found is None:
            raise NotAllowed(field="nominator")
        return found


class NominatorListView(NominationView, ListAPIView):
    """For whom a window clerk files."""

    permission_classes = [IsAuthenticated, IsWindowClerk]
    serializer_class = shapes.OrganisationOutput

    def get_queryset(self) -> QuerySet[Organisation]:
        if getattr(self, "swagger_fake_view", False):
            return Organisation.objects.none()
        return queries.nominators_for(self.request.user)

    @extend_schema(operation_id="nominations_nominators", responses=shapes.OrganisationOutput(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the organisations for which you may file at your window."""
        return super().get(request, *args, **kwargs)


class NominationDetailView(NominationView):
    """One nomination."""

    @extend_schema(
        operation_id="nominations_retrieve", responses={200: shapes.NominationDetailOutput, 404: ErrorOutput}
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show a nomination, as much of it as the reader may know."""
        return self.show(self.find(nomination_id))

    @extend_schema(
        operation_id="nominations_update",
        request=shapes.DraftChangeInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS},
    )
    def patch(self, request: Request, nomination_id: UUID) -> Response:
        """Change a draft or a returned nomination."""
        nomination = self.find(nomination_id)
        data = read(shapes.DraftChangeInput, request)
        policy = nomination.policy
        data |= find_policy(
            data.pop("basis", None), data.pop("tier", None), bases=policy.bases.all(), tiers=policy.tiers.all()
        )
        return self.show(operations.update_draft(actor=self.actor(), nomination=nomination, at=timezone.now(), **data))


class NomineeContactView(NominationView):
    """How the nominee is reached."""

    @extend_schema(
        operation_id="nominations_contact_update",
        request=shapes.ContactInput,
        responses={204: None, **REFUSALS},
    )
    def put(self, request: Request, nomination_id: UUID) -> Response:
        """Correct the nominee's contact; it takes effect on submission, and only for a person without an account."""
        nomination = self.find(nomination_id)
        data = read(shapes.ContactInput, request)
        operations.correct_nominee_contact(actor=self.actor(), nomination=nomination, at=timezone.now(), **data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class NominationSubmitView(NominationView):
    """Hand in."""

    @extend_schema(
        operation_id="nominations_submit",
        parameters=[KEY],
        request=shapes.SubmitInput,
        responses={200: shapes.NominationDetailOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Submit a draft, or a corrected nomination, for review."""
        nomination = self.find(nomination_id)
        data = read(shapes.SubmitInput, request)
        return self.show(operations.submit(actor=self.actor(), nomination=nomination, at=timezone.now(), **data))


class ChangesView(NominationView):
    """What was corrected."""

    @extend_schema(
        operation_id="nominations_changes",
        responses={200: shapes.ChangesOutput, 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """Show what the last submission changed, and replied to the return; not found if there was but one."""
        nomination = self.find(nomination_id)
        if not rules.may_read_exchange(request.user, nomination):
            raise NotAllowed
        changes = queries.changes_of(request.user, nomination)
        if changes is None:
            raise Http404
        return Response(shapes.ChangesOutput(changes).data)


class NominationWithdrawView(NominationView):
    """Take back."""

    @extend_schema(
        operation_id="nominations_withdraw", request=None, responses={200: shapes.NominationDetailOutput, **REFUSALS}
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Withdraw a nomination before it is decided."""
        nomination = self.find(nomination_id)
        return self.show(operations.withdraw(actor=self.actor(), nomination=nomination, at=timezone.now()))


class EvidenceListView(NominationView):
    """A nomination's documents."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="nominations_evidence_create",
        parameters=[KEY],
        request=shapes.EvidenceInput,
        responses={201: shapes.EvidenceOutput, **REFUSALS, 503: ErrorOutput},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Attach a document: PDF, JPEG or PNG."""
        nomination = self.find(nomination_id)
        data = read(shapes.EvidenceInput, request)
        evidence = operations.attach_evidence(
            actor=self.actor(), nomination=nomination, upload=data["file"], kind=data["kind"], at=timezone.now()
        )
        return Response(shapes.EvidenceOutput(evidence).data, status=status.HTTP_201_CREATED)


class EvidenceDetailView(NominationView):
    """One document."""

    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="nominations_evidence_download",
        parameters=[
            OpenApiParameter("inline", bool, description="1: show a picture rather than save it; a PDF is saved.")
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 403: ErrorOutput, 404: ErrorOutput},
    )
    def get(self, request: Request, nomination_id: UUID, evidence_id: UUID) -> FileResponse:
        """Download a document."""
        nomination = self.find(nomination_id)
        documents = Evidence.with_removed.filter(nomination=nomination).select_related("document")
        evidence = get_object_or_404(documents, pk=evidence_id)
        inline = request.query_params.get("inline", "").lower() in ("1", "true")
        return private_file(
            operations.read_evidence(actor=self.actor(), nomination=nomination, evidence=evidence, inline=inline),
            inline=inline,
        )

    @extend_schema(operation_id="nominations_evidence_delete", responses={204: None, **REFUSALS})
    def delete(self, request: Request, nomination_id: UUID, evidence_id: UUID) -> Response:
        """Take a document out of a draft or a returned nomination."""
        nomination = self.find(nomination_id)
        evidence = get_object_or_404(nomination.evidence.select_related("document"), pk=evidence_id)
        operations.remove_evidence(actor=self.actor(), evidence=evidence, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class QuotaView(NominationView):
    """What the caller's organisation may still nominate."""

    permission_classes = [IsAuthenticated, IsNominator]

    @extend_schema(
        operation_id="nominations_quota",
        responses={200: shapes.YearlyQuotaOutput, 403: ErrorOutput, 409: ErrorOutput},
    )
    def get(self, request: Request) -> Response:
        """Show this year's quota of your organisation."""
        overview = queries.quota_overview(rules.nominating_organisation(request.user), at=timezone.now())
        if overview is None:
            raise operations.QuotaNotGranted
        return Response(shapes.YearlyQuotaOutput(overview).data)


class PolicyView(NominationView):
    """What may be nominated now."""

    @extend_schema(operation_id="nominations_policy", responses={200: shapes.PolicyOutput, 404: ErrorOutput})
    def get(self, request: Request) -> Response:
        """Show the policy in force, with what each basis asks for, and the districts."""
        return Response(shapes.PolicyOutput(queries.policy_overview(at=timezone.now())).data)


def read(shape: type[Any], request: Request) -> dict[str, Any]:
    """Return the request's data, checked against a shape."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def find_policy(
    basis: str | None, tier: str | None, *, bases: QuerySet[Basis], tiers: QuerySet[Tier]
) -> dict[str, Any]:
    """Return the basis and the tier that codes name, as far as codes are given.

    :raises InvalidInput: naming each that does not exist
    """
    found: dict[str, Any] = {}
    errors = []
    if basis is not None:
        if row := bases.filter(code=basis).first():
            found["basis"] = row
        else:
            message = _("There is no such basis in the policy in force.")
            errors.append(FieldError(field="basis", code="unknown_basis", message=message))
    if tier is not None:
        if level := tiers.filter(code=tier).first():
            found["tier"] = level
        else:
            message = _("There is no such tier in the policy in force.")
            errors.append(FieldError(field="tier", code="unknown_tier", message=message))
    if errors:
        raise InvalidInput(errors)
    return found
