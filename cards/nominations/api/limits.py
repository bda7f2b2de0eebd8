"""How often somebody may object."""

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class ObjectionThrottle(SimpleRateThrottle):
    """Limit how many objections one address may lodge, by page and by API together: each stops a case's clock."""

    scope = "objection"
    rate = "10/hour"

    def get_cache_key(self, request: HttpRequest | Request, view: APIView | None) -> str:
        """Return the key under which the caller's requests are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]  # only META is read
