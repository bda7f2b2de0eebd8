"""The page side of the one error handler; the API's is `core.api.errors`."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from talentcard.core.errors import DomainError, NotAllowed


class DomainErrorMiddleware:
    """Show a `DomainError` that a page did not handle: 403 for who may not, else a message where the person was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a domain error; leave every other exception alone."""
        if isinstance(exception, NotAllowed):
            raise PermissionDenied(str(exception)) from exception
        if not isinstance(exception, DomainError):
            return None
        referer = request.headers.get("Referer", "")
        if request.method == "POST" and url_has_allowed_host_and_scheme(
            referer, {request.get_host()}, require_https=request.is_secure()
        ):
            messages.error(request, str(exception))
            return redirect(referer)
        return render(request, "400.html", {"error": exception}, status=exception.http_status)
