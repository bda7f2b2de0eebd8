"""The API's one answer to an error: `{"code", "message", "field"?, "errors"?}`."""

from typing import Any

from django.db import OperationalError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from talentcard.core.errors import DomainError


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into the API's error body, or return None to let it be a 500."""
    if isinstance(exc, DomainError):
        return Response(exc.as_dict(), status=exc.http_status)
    if isinstance(exc, OperationalError) and "locked" in str(exc):
        return Response(
            {"code": "busy", "message": "The database is busy; try again."}, status=503, headers={"Retry-After": "1"}
        )
    response = drf_exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        response.data = {
            "code": "invalid_input",
            "message": str(exceptions.ValidationError.default_detail),
            "errors": list(_flatten(exc.detail)),
        }
    elif isinstance(response.data, dict) and "detail" in response.data:
        detail = response.data["detail"]
        response.data = {"code": getattr(detail, "code", "error"), "message": str(detail)}
    return response


def _flatten(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(value, f"{path}.{key}" if path else str(key))
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        for index, value in enumerate(detail):
            yield from _flatten(value, f"{path}.{index}" if path else str(index))
    else:
        for error in detail if isinstance(detail, list) else [detail]:
            yield {"field": path, "code": getattr(error, "code", "invalid"), "message": str(error)}
