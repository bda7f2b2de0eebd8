"""Releases of public notices: for officers to make, and for anybody to read."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations, queries
from cards.nominations.api import serializers as shapes
from cards.nominations.api.permissions import IsReviewer
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import NoticeRelease
from cards.nominations.notice_lists import signed_list
from talentcard.core.api.idempotency import idempotent
from talentcard.core.api.serializers import ErrorOutput

MAX_AGE = timedelta(minutes=1)


class ReleaseListView(NominationView, ListAPIView):
    """The releases that name somebody now, and where officers make one."""

    serializer_class = shapes.ReleaseOutput

    def get_permissions(self) -> list[Any]:
        if self.request.method == "POST":
            return [IsAuthenticated(), IsReviewer()]
        return [AllowAny()]

    def get_queryset(self) -> QuerySet[NoticeRelease]:
        return queries.open_releases(at=timezone.now())

    @extend_schema(operation_id="releases_list", responses=shapes.ReleaseOutput(many=True), auth=[])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="releases_create",
        parameters=[KEY],
        request=shapes.ReleaseInput,
        responses={201: shapes.ReleaseResultOutput, **REFUSALS, 409: shapes.ReleaseRefusedOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Put cases that passed both reviews under public notice together; one that cannot be is left out and named.

        They are those of your list with `mine=true&status=awaiting_notice`.
        """
        data = read(shapes.ReleaseInput, request)
        made = operations.release_notices(actor=self.actor(), nomination_ids=data.pop("ids"), at=timezone.now(), **data)
        return Response(shapes.ReleaseResultOutput(made).data, status=status.HTTP_201_CREATED)


class SignedListView(APIView):
    """The list of a release, signed."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="releases_signed_list",
        responses={200: shapes.SignedListOutput, 404: ErrorOutput},
        auth=[],
    )
    def get(self, request: Request, year: int, serial: int) -> HttpResponseBase:
        """Show whom a release names now, signed: after its end nobody.

        The signature is a detached JWS (EdDSA) over the canonical JSON (RFC 8785) of the member `list`; its key is at
        `/.well-known/talentcard-keys`.
        """
        release = get_object_or_404(NoticeRelease, year=year, serial=serial)
        body = signed_list(release, at=timezone.now())
        etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
        response = HttpResponse(body, content_type="application/json")
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={int(MAX_AGE.total_seconds())}"
        response["Access-Control-Allow-Origin"] = "*"
        # Data for programs: people find the page.
        response["X-Robots-Tag"] = "noindex, noarchive"
        answer = get_conditional_response(request._request, etag=etag, response=response)
        return response if answer is None else answer
