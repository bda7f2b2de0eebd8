"""The public notice: open to anybody."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cards.nominations import operations, queries
from cards.nominations.api import serializers as shapes
from cards.nominations.api.limits import ObjectionThrottle
from cards.nominations.api.views import read
from cards.nominations.models import PublicNotice
from talentcard.core.api.serializers import ErrorOutput


class NoticeListView(ListAPIView):
    """Who is under public notice."""

    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = shapes.NoticeOutput

    def get_queryset(self) -> QuerySet[PublicNotice]:
        return queries.open_notices(at=timezone.now())

    @extend_schema(operation_id="notices_list", responses=shapes.NoticeOutput(many=True), auth=[])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ObjectionCreateView(APIView):
    """Objections from the public."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [ObjectionThrottle]

    @extend_schema(
        operation_id="notices_object",
        request=shapes.ObjectionInput,
        responses={
            201: shapes.ObjectionReceiptOutput,
            400: ErrorOutput,
            404: ErrorOutput,
            409: ErrorOutput,
            429: ErrorOutput,
        },
        auth=[],
    )
    def post(self, request: Request, notice_id: UUID) -> Response:
        """Object to a nomination under notice; its clock stops until the objection is resolved."""
        notice = get_object_or_404(queries.public_notices(), pk=notice_id)
        data = read(shapes.ObjectionInput, request)
        objection = operations.lodge_objection(notice=notice, at=timezone.now(), **data)
        return Response(shapes.ObjectionReceiptOutput(objection).data, status=status.HTTP_201_CREATED)
