"""The online verdict, the public check, and the log the holder sees."""

import json
import re
import uuid
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiResponse, extend_schema
from oauth2_provider.contrib.rest_framework import OAuth2Authentication, TokenHasScope
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.verification import queries
from cards.verification.api import partners
from cards.verification.api.limits import PublicCheckThrottle, allowance
from cards.verification.api.permissions import IsHolder
from cards.verification.api.serializers import (
    NONCE_PATTERN,
    CheckOutput,
    PublicCheckInput,
    VerdictOutput,
    VerificationInput,
    VerificationOutput,
)
from cards.verification.choices import Channel, Field
from cards.verification.lookups import tier_name
from cards.verification.models import AttemptQuerySet, VerificationAttempt
from cards.verification.operations import VerificationResult, verify_code
from talentcard.core.api.errors import exception_handler
from talentcard.core.api.serializers import ErrorOutput
from talentcard.core.errors import DomainError, FieldError, InvalidInput

MAX_BODY = 8192
NONCE = re.compile(NONCE_PATTERN)


@csrf_exempt
def verification_create(request: HttpRequest) -> JsonResponse:
    """Check a code for a partner's system: a plain view, see docs/adr/0006-verification-fast-path.md."""
    try:
        if request.method != "POST":
            raise MethodNotAllowed(str(request.method))
        grant = partners.authenticate(request, scope="verify")
        allowance.take(grant.system.pk)
        data = read_input(request)
        result = verify_code(
            code=data["code"],
            purpose=grant.purpose(data["purpose"]),
            channel=Channel.API,
            nonce=data["nonce"],
            at=timezone.now(),
            system=grant.system,
            desk=grant.desk(data["desk"]) if data["desk"] else None,
        )
    except (APIException, DomainError, OperationalError) as error:
        return refuse(error)
    return JsonResponse({"id": result.attempt_id, "is_replay": result.is_replay, **verdict_as_dict(result)})


def read_input(request: HttpRequest) -> dict[str, Any]:
    """Return the request's fields, checked.

    :raises InvalidInput: naming everything that is wrong
    """
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        raise BodyTooLarge
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.of("", "parse_error", _("The body is not JSON.")) from error
    if not isinstance(body, dict):
        raise InvalidInput.of("", "parse_error", _("The body is not a JSON object."))
    errors = [
        FieldError(field=name, code="required", message=_("Give a text."))
        for name in ("code", "purpose", "nonce")
        if not (isinstance(body.get(name), str) and body[name])
    ]
    if not errors and not NONCE.fullmatch(body["nonce"]):
        errors.append(FieldError(field="nonce", code="invalid", message=_("Up to 64 letters, digits and . _ : -")))
    desk = None
    if body.get("desk") is not None:
        try:
            desk = uuid.UUID(body["desk"])
        except (ValueError, TypeError, AttributeError):
            errors.append(FieldError(field="desk", code="invalid", message=_("Not the id of a desk.")))
    if errors:
        raise InvalidInput(errors)
    return {**body, "desk": desk}


class BodyTooLarge(DomainError):
    """The request is longer than any check."""

    code = "body_too_large"
    message = _("The request is too long.")
    http_status = 413


def refuse(error: Exception) -> JsonResponse:
    """Answer an error as the rest of the API does."""
    response = exception_handler(error, {})
    if response is None:
        raise error
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if name in response}
    return JsonResponse(response.data, status=response.status_code, headers=headers)


def verdict_as_dict(result: VerificationResult) -> dict[str, Any]:
    """Return the verdict as the API shows it."""
    words = result.explanation
    fields: dict[str, str] = {str(field): value for field, value in result.fields.items()}
    if Field.TIER in result.fields:
        fields["tier_name"] = tier_name(result.fields[Field.TIER])
    return {
        "outcome": result.outcome,
        "reason": result.reason,
        "explanation": words.finding,
        "advice": words.advice,
        "checked_at": result.at,
        "fields": fields,
    }


class VerificationDocumentation(APIView):
    """What the schema says of `verification_create`, which is no DRF view."""

    authentication_classes = [OAuth2Authentication]
    permission_classes = [TokenHasScope]
    parser_classes = [JSONParser]
    required_scopes = ["verify"]

    @extend_schema(
        operation_id="verifications_create",
        summary="Check a card's code",
        description=(
            "For partners' systems: OAuth2 client credentials with the scope `verify`. Every check that reaches the "
            "register is recorded, refused ones too, and the holder sees who asked and for what. A refused card is an "
            "answer (200), not an error."
        ),
        request=VerificationInput,
        responses={
            200: VerificationOutput,
            400: OpenApiResponse(ErrorOutput, description="The request is not right; `errors` names each field."),
            401: OpenApiResponse(ErrorOutput, description="No valid token."),
            403: OpenApiResponse(ErrorOutput, description="The token lacks the scope, or the desk is not yours."),
            409: OpenApiResponse(ErrorOutput, description="The nonce was used for another check."),
            413: OpenApiResponse(ErrorOutput, description="The request is too long."),
            429: OpenApiResponse(ErrorOutput, description="Too many requests; `Retry-After` says how long to wait."),
        },
        tags=["verifications"],
    )
    def post(self, request: Request) -> Response:
        """Never called: the schema reads this class, the URL leads to the plain view."""
        raise NotImplementedError


# The schema's generator lists a view by these two attributes.
verification_create.cls = VerificationDocumentation  # type: ignore[attr-defined]  # read by drf-spectacular
verification_create.initkwargs = {}  # type: ignore[attr-defined]  # read by drf-spectacular


class PublicCheckCreate(APIView):
    """Let anybody check a code."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_classes = [PublicCheckThrottle]

    @extend_schema(
        operation_id="public_checks_create",
        summary="Check a card's code without signing in",
        description="The answer shows a masked part of the record only. The holder sees that the card was checked.",
        request=PublicCheckInput,
        responses={200: VerdictOutput, 400: ErrorOutput, 429: ErrorOutput},
        auth=[],
        tags=["verifications"],
    )
    def post(self, request: Request) -> Response:
        """Judge and record."""
        data = PublicCheckInput(data=request.data)
        data.is_valid(raise_exception=True)
        result = verify_code(
            code=data.validated_data["code"],
            purpose=None,
            channel=Channel.PUBLIC,
            nonce=uuid.uuid4().hex,
            at=timezone.now(),
        )
        return Response(verdict_as_dict(result), headers={"Cache-Control": "no-store"})


class MyCheckList(ListAPIView):
    """Show a holder who checked the card, for what, and what they saw."""

    permission_classes = [IsHolder]
    serializer_class = CheckOutput
    queryset = VerificationAttempt.objects.none()

    def get_queryset(self) -> AttemptQuerySet:
        """Return the checks of the reader's own cards."""
        return queries.checks_of(self.request.user.talent)  # type: ignore[union-attr]  # the permission made sure
