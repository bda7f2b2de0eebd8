"""A rating: who gave it reads the answer, the head of the office writes it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from talentcard.accounts.models import User
from talentcard.casework import operations, rules
from talentcard.casework.choices import FOLLOWED_UP
from talentcard.casework.forms import AnswerForm
from talentcard.casework.models import Rating
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rating_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a rating and what was done about it; take that from the head of the office."""
    assert isinstance(request.user, User)  # noqa: S101  # nobody else is let in
    user = request.user
    rating = Rating.objects.filter(pk=pk).first()
    if rating is None or not rules.may_read_rating(user, rating):
        raise Http404
    waits = rating.level in FOLLOWED_UP and rating.answered_at is None
    may_answer = rules.may_answer_rating(user, rating)
    if request.method == "POST" and not may_answer:
        raise NotAllowed
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer_rating(actor=user, rating=rating, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What was done is recorded, and the person is told."))
            return redirect(rating)
    context = {"rating": rating, "facts": _facts(rating), "form": form if may_answer and waits else None}
    return render(request, "casework/rating_detail.html", context, status=400 if form.is_bound else 200)


def _facts(rating: Rating) -> list[dict[str, str]]:
    facts = [
        {"label": _("Rating"), "value": capfirst(rating.get_level_display())},
        {"label": _("At"), "value": date_format(timezone.localtime(rating.at), "Y-m-d H:i")},
    ]
    if rating.comment:
        facts.append({"label": _("Comment"), "value": rating.comment})
    if rating.answer:
        facts.append({"label": _("What was done"), "value": rating.answer})
    return facts
