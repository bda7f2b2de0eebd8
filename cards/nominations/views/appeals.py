"""Appeals: lodge one, read its documents, decide it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cards.nominations import operations, rules
from cards.nominations.choices import Step
from cards.nominations.forms import AppealDecisionForm, AppealForm, show_errors
from cards.nominations.models import AppealDocument
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in, visible_or_404
from cards.nominations.views.appeal_items import appeal_item
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.documents.responses import private_file


@never_cache
@login_required
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an appeal against a refusal from its nominator, their window, or its nominee."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    if not rules.may_appeal(user, nomination, at=timezone.now()):
        raise NotAllowed
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            operations.lodge_appeal(
                actor=user, nomination=nomination, text=data["text"], uploads=data["documents"], at=timezone.now()
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("Your appeal was lodged."))
            return redirect(nomination)
    limits = {"size": filesizeformat(settings.DOCUMENT_MAX_BYTES), "limit": settings.DOCUMENTS_PER_CASE}
    context = {
        "nomination": nomination,
        "form": form,
        "last_day": rules.last_appeal_day(nomination),
        "is_at_window": not rules.is_party(user, nomination),
        "accept": _("PDF, JPEG or PNG, %(size)s at most, up to %(limit)s documents.") % limits,
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/appeal_form.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an appeal to an officer who may decide it, and take the decision."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    appeal = rules.appeal_of(nomination)
    if appeal is None:
        raise Http404
    if not rules.in_scope(user, nomination, Step.SECOND):
        raise NotAllowed
    form = AppealDecisionForm(request.POST or None, initial={"item": nomination.item_id})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            operations.decide_appeal(
                actor=user,
                appeal=appeal,
                is_upheld=data["decision"] == "uphold",
                reason=data["reason"],
                item_id=data["item"],
                at=timezone.now(),
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The appeal was decided."))
            return redirect(nomination)
    elif request.method != "POST" and not rules.may_decide_appeal(user, nomination):
        return redirect(nomination)
    context = {
        "nomination": nomination,
        "form": form,
        "appeal": appeal_item(user, nomination),
        "breadcrumbs": [presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/appeal_decide.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def appeal_document(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out a document of an appeal to those who may read it."""
    user = signed_in(request)
    entry = AppealDocument.objects.select_related("document", "appeal").filter(pk=pk).first()
    if entry is None:
        raise Http404
    nomination = visible_or_404(user, entry.appeal.nomination_id)
    return private_file(operations.read_appeal_document(actor=user, nomination=nomination, entry=entry))
