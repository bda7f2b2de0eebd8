"""What is said to browsers about private files, so that none of them is run, framed, cached or guessed about."""

from typing import TypeVar

from django.http import HttpResponseBase

NOTHING_RUNS = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

R = TypeVar("R", bound=HttpResponseBase)


def as_private(response: R, *, policy: str = NOTHING_RUNS) -> R:
    """Return a response with a private file, with everything said that protects it.

    :param policy: the content security policy of the file, opened by itself
    """
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
