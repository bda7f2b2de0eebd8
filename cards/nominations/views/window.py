"""File for a nominator at an office's window 代办."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cards.nominations import operations, queries, rules
from cards.nominations.forms import WindowForm, show_errors
from cards.nominations.models import Nomination
from cards.nominations.views import presenting
from cards.nominations.views.access import signed_in
from cards.nominations.views.nominators import PERSONAL
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def window_create(request: HttpRequest) -> HttpResponse:
    """Begin a nomination for a nominator of the clerk's districts; what follows is as for a nominator's own."""
    user = signed_in(request)
    if not rules.is_window_clerk(user):
        raise NotAllowed
    now = timezone.now()
    form = WindowForm(
        request.POST if request.method == "POST" else None,
        bases=queries.open_bases(now),
        nominators=queries.nominators_for(user),
    )
    if form.is_bound and form.is_valid():
        try:
            nomination = _create(user, form, now)
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The draft was saved. Attach the signed consent, then submit it."))
            return redirect(nomination)
    context = {
        "form": form,
        "documents": presenting.basis_documents(queries.open_bases(now).prefetch_related("required_documents")),
        "is_at_window": True,
        "breadcrumbs": [presenting.crumb_list()],
    }
    return render(request, "nominations/nomination_create.html", context, status=400 if form.is_bound else 200)


def _create(user: User, form: WindowForm, now: dt.datetime) -> Nomination:
    given = form.cleaned_data
    return operations.create_draft(
        actor=user,
        on_behalf_of=given["nominator"],
        nominee=form.nominee,
        basis=form.basis,
        tier=form.tier,
        district=given["district"],
        statement=given["statement"],
        at=now,
    )
