"""System checks: whether what guards the files is there."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.core.exceptions import ImproperlyConfigured

from talentcard.documents import scanner


@register(Tags.security)
def scanner_has_an_address(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a scanner's address that is malformed."""
    if scanner.is_configured():
        try:
            scanner.address()
        except ImproperlyConfigured as error:
            return [checks.Error(str(error), id="documents.E001")]
    return []


@register(Tags.security, deploy=True)
def scanner_answers(**kwargs: Any) -> list[CheckMessage]:
    """Warn when the scanner that is configured does not answer: until it does, no file is taken in."""
    if not scanner.is_configured() or scanner_has_an_address():
        return []
    try:
        scanner.ensure_answers()
    except scanner.ScannerUnavailable:
        return [
            checks.Warning(
                f"The virus scanner at {settings.CLAMAV_URL} does not answer.",
                hint="Start clamd, or correct CLAMAV_URL. Until then every upload is refused.",
                id="documents.W001",
            )
        ]
    return []
