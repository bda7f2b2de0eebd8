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
from django.views.decorators.http import require_http_methods, require_safe

from talentcard.accounts.models import User
from talentcard.casework import operations, rating_queries, rules
from talentcard.casework.choices import FOLLOWED_UP, RatingLevel
from talentcard.casework.forms import AnswerForm, PeriodForm
from talentcard.casework.models import Rating
from talentcard.casework.rating_queries import Satisfaction
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.pagination import BoundedPaginator

PAGE_SIZE = 25


@never_cache
@login_required
@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    """Show how satisfied people are with an office, or as auditor with all, and what became of the bad ratings."""
    assert isinstance(request.user, User)  # noqa: S101  # nobody else is let in
    user = request.user
    if not rules.may_read_satisfaction(user):
        raise NotAllowed
    form = PeriodForm(request.GET, at=timezone.now())
    if not form.is_valid():
        return render(request, "casework/satisfaction.html", {"form": form}, status=400)
    page = BoundedPaginator(rating_queries.low_ratings_seen_by(user, **form.span), PAGE_SIZE)
    context = {
        "form": form,
        "period": form.cleaned_data,
        "tiles": _tiles(rating_queries.satisfaction_seen_by(user, **form.span)),
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "casework/satisfaction.html", context)


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


def _tiles(found: Satisfaction) -> list[dict[str, object]]:
    share = "—" if found.share is None else f"{found.share:.0%}"
    levels = sorted(RatingLevel, reverse=True)
    return [
        {"label": _("At least basically satisfied"), "value": share},
        {"label": _("Ratings"), "value": str(found.total)},
        *({"label": capfirst(level.label), "value": str(found.by_level[level])} for level in levels),
    ]


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
