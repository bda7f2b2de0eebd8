"""Who asks, as far as the network tells."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of whoever asks: behind our proxy what the proxy saw, else the connection's own end.

    Of X-Forwarded-For only the last entry is the proxy's word; the ones before it are the client's.
    """
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
