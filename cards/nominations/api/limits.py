"""How often somebody without an account may object or answer."""

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class AddressThrottle(SimpleRateThrottle):
    """Count the requests of one address, by page and by API together."""

    def get_cache_key(self, request: HttpRequest | Request, view: APIView | None) -> str:
        """Return the key under which the caller's requests are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]  # only META is read


class ObjectionThrottle(AddressThrottle):
    """Limit how many objections one address may lodge: each stops a case's clock."""

    scope = "objection"
    rate = "10/hour"


class AnswerThrottle(AddressThrottle):
    """Limit how often one address may look at links and answer: a university's whole network may be one."""

    scope = "answer"
    rate = "120/hour"
