"""Public files for desks that check offline: the keys and the status lists."""

import hashlib
import json
import os

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe
from talentcard_verifier.statuslist import MEDIA_TYPE

from cards.credentials import publishing, queries
from cards.credentials.models import StatusList

KEYS_MAX_AGE = 300
# What the column holds; a longer one is no file name either.
MAX_NUMBER = 2**31 - 1


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Return the public keys that codes and lists are signed with."""
    body = json.dumps(queries.published_keys()).encode()
    response = HttpResponse(body, content_type="application/json")
    return _public(request, response, etag=hashlib.sha256(body).hexdigest()[:32], max_age=KEYS_MAX_AGE)


@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Return a list's published file; the first to ask for it has it written."""
    if number > MAX_NUMBER:
        raise Http404
    path = publishing.status_list_path(number)
    if not path.exists():
        listed = get_object_or_404(StatusList.objects.only("pk"), number=number)
        publishing.publish_status_list(status_list_id=listed.pk, at=timezone.now())
    try:
        with path.open("rb") as file:
            # Of the open file: the name may point to its successor by now.
            facts = os.fstat(file.fileno())
            body = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    etag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}"
    # Short: a change must reach desks within a minute or so, whatever cache stands between.
    max_age = min(60, settings.STATUS_LIST_TTL // 4)
    return _public(request, response, etag=etag, max_age=max_age, modified=int(facts.st_mtime))


def _public(
    request: HttpRequest, response: HttpResponse, *, etag: str, max_age: int, modified: int | None = None
) -> HttpResponse:
    """Return a response that any site may read and any cache may keep, or 304 if the reader has it."""
    quoted = quote_etag(etag)
    response["ETag"] = quoted
    response["Cache-Control"] = f"public, max-age={max_age}"
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    answer = get_conditional_response(request, etag=quoted, last_modified=modified, response=response)
    answer = response if answer is None else answer
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag"
    return answer
