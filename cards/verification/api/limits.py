"""How often somebody may ask."""

import threading
import time
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def rate_of(scope: str) -> str:
    """Return a rate as the settings give it, such as "60/min"."""
    return str(api_settings.DEFAULT_THROTTLE_RATES[scope])


class PublicCheckThrottle(SimpleRateThrottle):
    """Limit how often one address may use the public check, by page and by API together."""

    scope = "public_check"

    def get_cache_key(self, request: HttpRequest | Request, view: APIView | None) -> str:
        """Return the key under which the caller's requests are counted."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]  # only META is read

    def get_rate(self) -> str | None:
        """Return the rate as it is set now."""
        return rate_of(self.scope)


class Allowance:
    """Count what each system uses of its rate; the count is shared, and exact from above.

    A process leases a block of requests from the shared counter and spends it alone, so that the cache is asked once
    in `BLOCK` requests. What it does not spend before the period ends is lost: never more than the rate goes through.
    """

    BLOCK = 20

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._period = 0
        self._left: dict[UUID, int] = {}

    def take(self, system_id: UUID) -> None:
        """Use one request of a system's rate.

        :raises Throttled: if nothing is left in this period; it says when the next one begins
        """
        limit, seconds = self._rate()
        now = time.time()
        period = int(now // seconds)
        with self._lock:
            if period != self._period:
                self._period, self._left = period, {}
            left = self._left.get(system_id) or self._lease(f"verify:{system_id}:{period}", limit, seconds)
            if not left:
                raise Throttled(wait=seconds - now % seconds)
            self._left[system_id] = left - 1

    def _lease(self, key: str, limit: int, seconds: int) -> int:
        cache.add(key, 0, 2 * seconds)
        before = cache.incr(key, self.BLOCK) - self.BLOCK
        return max(0, min(self.BLOCK, limit - before))

    @staticmethod
    def _rate() -> tuple[int, int]:
        number, period = rate_of("verify").split("/")
        return int(number), PERIODS[period[0]]


allowance = Allowance()
