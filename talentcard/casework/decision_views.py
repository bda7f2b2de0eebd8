"""A decision as page and as PDF."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from talentcard.accounts.models import User
from talentcard.casework import decision_kinds, operations, pdf
from talentcard.casework.models import DecisionDocument
from talentcard.core.errors import NotAllowed
from talentcard.core.responses import as_private


@never_cache
@login_required
@require_safe
def decision_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a decision to those who may read it, in their language, ready to print."""
    document = _read(request, pk, form="page")
    text = document.text(_language())
    subject_url = decision_kinds.get(document.kind).url(document.subject_id)
    context: dict[str, Any] = {
        "document": document,
        "text": text,
        "date": date_format(timezone.localtime(document.decided_at), "DATE_FORMAT"),
        "facts": [{"label": label, "value": value} for label, value in text.facts],
        "breadcrumbs": [{"label": document.subject_number, "url": subject_url}],
        "actions": [
            {
                "label": _("Download as PDF"),
                "url": reverse("casework:decision-pdf", args=[document.pk]),
                "icon": "download",
            }
        ],
    }
    return render(request, "casework/decision.html", context)


@never_cache
@login_required
@require_safe
def decision_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out a decision as PDF to those who may read it, in their language."""
    return pdf_response(_read(request, pk, form="pdf"), language=_language())


def pdf_response(document: DecisionDocument, *, language: str) -> HttpResponse:
    """Return a decision as a file to save; the caller has checked who asks."""
    response = HttpResponse(pdf.decision_pdf(document, language=language), content_type=pdf.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{document.number}.pdf"'
    return as_private(response)


def _read(request: HttpRequest, pk: UUID, *, form: str) -> DecisionDocument:
    """Return a decision; for those who may not read it there is none."""
    assert isinstance(request.user, User)  # noqa: S101  # `login_required` let nobody else in
    document = DecisionDocument.objects.filter(pk=pk).first()
    if document is None:
        raise Http404
    try:
        return operations.read_decision(actor=request.user, document=document, form=form)
    except NotAllowed:
        raise Http404 from None


def _language() -> str:
    return translation.get_language() or "zh-hans"
