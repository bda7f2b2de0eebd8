"""Name the experts who are to confirm a case, and ask again who has not answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cards.nominations import operations, queries, rules
from cards.nominations.forms import ExpertSearchForm
from cards.nominations.models import AnswerRequest, Nomination, RecognisedExpert
from cards.nominations.views import asked, presenting
from cards.nominations.views.access import signed_in, visible_or_404
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def expert_name(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look for an expert in the register, and name them for a case."""
    user = signed_in(request)
    nomination = _filed_or_refused(user, pk)
    now, refusal, status = timezone.now(), "", 200
    if request.method == "POST":
        expert = _expert_or_404(request.POST.get("expert", ""))
        try:
            operations.name_expert(actor=user, nomination=nomination, expert=expert, at=now)
        except NotAllowed:
            raise
        except DomainError as error:
            refusal, status = str(error), error.http_status
        else:
            messages.success(request, _("%(name)s was named.") % {"name": expert.name})
            return redirect(f"{nomination.get_absolute_url()}#asked")
    form = ExpertSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    context: dict[str, Any] = {
        "nomination": nomination,
        "form": form,
        "words": words,
        "refusal": refusal,
        "needed": nomination.basis.experts_needed,
        "experts": [asked.expert_item(expert) for expert in queries.find_experts(words, at=now)],
        "breadcrumbs": [presenting.crumb_list(), presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/expert_name.html", context, status=status)


@login_required
@require_POST
def expert_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back that an expert was named."""
    user = signed_in(request)
    answer_request = _request_or_404(user, pk)
    operations.drop_expert(actor=user, request=answer_request, at=timezone.now())
    messages.success(request, _("The expert is no longer asked."))
    return redirect(f"{answer_request.nomination.get_absolute_url()}#asked")


@login_required
@require_POST
def link_resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send somebody who has not answered a new link."""
    user = signed_in(request)
    answer_request = _request_or_404(user, pk)
    operations.resend_link(actor=user, request=answer_request, at=timezone.now())
    messages.success(request, _("A new link is on its way; the former one no longer works."))
    return redirect(f"{answer_request.nomination.get_absolute_url()}#asked")


def _filed_or_refused(user: User, pk: UUID) -> Nomination:
    nomination = visible_or_404(user, pk)
    if not rules.files(user, nomination):
        raise NotAllowed
    return nomination


def _request_or_404(user: User, pk: UUID) -> AnswerRequest:
    answer_request = get_object_or_404(AnswerRequest.objects.select_related("nomination"), pk=pk)
    visible_or_404(user, answer_request.nomination_id)
    return answer_request


def _expert_or_404(given: str) -> RecognisedExpert:
    try:
        return get_object_or_404(RecognisedExpert.objects.select_related("organisation", "talent"), pk=UUID(given))
    except ValueError:
        raise Http404 from None
