"""How a case was handled: its parties say so."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cards.nominations import operations, queries, rules
from cards.nominations.models import Nomination
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in, visible_or_404
from talentcard.accounts.models import User
from talentcard.casework.forms import RatingForm
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@sensitive_post_parameters("comment")
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_rate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a party's rating of a case that has ended."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    if not rules.may_rate(user, nomination):
        raise NotAllowed
    form = RatingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.rate_nomination(actor=user, nomination=nomination, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. Your rating was recorded."))
            return redirect(nomination)
    context = {"form": form, "breadcrumbs": [presenting.crumb_case(nomination)]}
    return render(request, "nominations/nomination_rate.html", context, status=400 if form.errors else 200)


def rating_item(user: User, nomination: Nomination) -> dict[str, Any] | None:
    """Return how a user rated a case, or where they may: {rating} or {rate_url}; None for whom it does not concern."""
    if not rules.may_rate(user, nomination):
        return None
    if (rating := queries.rating_by(user, nomination)) is not None:
        return {"rating": rating}
    return {"rate_url": reverse("nominations:nomination-rate", args=[nomination.pk])}
