"""`Idempotency-Key`: a request sent twice is carried out once and answered alike.

Source: the IETF httpapi working group's draft "The Idempotency-Key HTTP Header Field".
"""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from talentcard.core.errors import DomainError
from talentcard.core.models import IdempotencyKey

View = Callable[..., Response]


class IdempotencyKeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for a different request.")
    http_status = 422


def idempotent(view: View) -> View:
    """Let a client repeat a POST safely by sending an `Idempotency-Key` header; without one nothing changes.

    Key, work and answer commit together: a process that dies leaves all of them or none. Files count by content.
    A refusal leaves no key; the operation undid its own work, and what it recorded of the refusal stays.
    """

    @functools.wraps(view)
    def wrapped(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")[:100]
        if not key:
            return view(self, request, *args, **kwargs)
        claim = {"user": request.user, "key": key, "endpoint": f"{request.method} {request.path}"[:200]}
        body_hash = _body_hash(request)
        if (earlier := IdempotencyKey.objects.filter(**claim).first()) is not None:
            return _replay(earlier, body_hash)
        with transaction.atomic():
            try:
                with transaction.atomic():
                    record = IdempotencyKey.objects.create(**claim, body_hash=body_hash)
            except IntegrityError:
                # The same request was carried out between the look and the claim.
                return _replay(IdempotencyKey.objects.get(**claim), body_hash)
            try:
                response = view(self, request, *args, **kwargs)
            except DomainError as error:
                if transaction.get_rollback():
                    raise
                record.delete()
                refusal = error
            else:
                _keep(record, response)
                return response
        raise refusal

    return wrapped


def _keep(record: IdempotencyKey, response: Response) -> None:
    record.status_code = response.status_code
    record.response = json.dumps(response.data, cls=JSONEncoder)
    record.save()


def _body_hash(request: Request) -> str:
    digest = hashlib.sha256()
    for name, upload in sorted(request.FILES.items()):
        digest.update(f"{name}\n{upload.name}\n{upload.size}\n".encode())
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
    data: Any = request.data
    fields = {name: data[name] for name in data if name not in request.FILES} if isinstance(data, Mapping) else data
    digest.update(json.dumps(fields, sort_keys=True, cls=JSONEncoder).encode())
    return digest.hexdigest()


def _replay(record: IdempotencyKey, body_hash: str) -> Response:
    if record.body_hash != body_hash:
        raise IdempotencyKeyReused
    return Response(
        json.loads(record.response or "null"), status=record.status_code, headers={"Idempotent-Replay": "true"}
    )
