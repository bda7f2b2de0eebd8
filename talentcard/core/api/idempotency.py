"""`Idempotency-Key`: a request sent twice is carried out once and answered alike.

Source: the IETF httpapi working group's draft "The Idempotency-Key HTTP Header Field".
"""

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from talentcard.core.errors import DomainError
from talentcard.core.models import IdempotencyKey

View = Callable[..., Response]


class IdempotencyKeyInUse(DomainError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_key_in_use"
    message = _("The same request is being carried out.")


class IdempotencyKeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for a different request.")
    http_status = 422


def idempotent(view: View) -> View:
    """Let a client repeat a POST safely by sending an `Idempotency-Key` header; without one nothing changes."""

    @functools.wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")[:100]
        if not key:
            return view(self, request, *args, **kwargs)
        record, created = _claim(request, key)
        if not created:
            return _replay(record, request)
        try:
            response = view(self, request, *args, **kwargs)
        except BaseException:
            # Nothing was done: the client may correct the request and send the key again.
            record.delete()
            raise
        record.status_code = response.status_code
        record.response = json.dumps(response.data, default=str)
        record.save()
        return response

    return wrapped


def _body_hash(request: Request) -> str:
    return hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()


def _claim(request: Request, key: str) -> tuple[IdempotencyKey, bool]:
    endpoint = f"{request.method} {request.path}"[:200]
    user: Any = request.user  # the view lets nobody else in
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                user=user, key=key, endpoint=endpoint, body_hash=_body_hash(request)
            ), True
    except IntegrityError:
        return IdempotencyKey.objects.get(user=user, key=key, endpoint=endpoint), False


def _replay(record: IdempotencyKey, request: Request) -> Response:
    if record.body_hash != _body_hash(request):
        raise IdempotencyKeyReused
    if record.status_code is None or record.response is None:
        raise IdempotencyKeyInUse
    return Response(json.loads(record.response), status=record.status_code, headers={"Idempotent-Replay": "true"})
