"""Pages of the holder and of the officers who manage cards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cards.issuance import numbers, operations, presentation, queries, rules
from cards.issuance.choices import CardStatus
from cards.issuance.forms import CardFilterForm, ReasonForm
from cards.issuance.models import TalentCard
from talentcard.accounts.models import User
from talentcard.casework import queries as casework

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Change:
    """An officer's change of a card: what it is called, what follows from it, and the operation that makes it."""

    label: str | Promise
    question: str | Promise
    consequence: str | Promise
    done: str | Promise
    allowed_from: tuple[CardStatus, ...]
    operation: Callable[..., TalentCard]
    style: str = "primary"


CHANGES = {
    "suspend": Change(
        label=gettext_lazy("Suspend"),
        question=gettext_lazy("Suspend this card?"),
        consequence=gettext_lazy("Desks refuse it from now on, until it is put in force again. The holder is told."),
        done=gettext_lazy("The card is suspended."),
        allowed_from=(CardStatus.ACTIVE,),
        operation=operations.suspend_card,
        style="danger",
    ),
    "reinstate": Change(
        label=gettext_lazy("Put in force again"),
        question=gettext_lazy("Put this card in force again?"),
        consequence=gettext_lazy("Desks accept it again, with the same code. The holder is told."),
        done=gettext_lazy("The card is in force again."),
        allowed_from=(CardStatus.SUSPENDED,),
        operation=operations.reinstate_card,
    ),
    "return": Change(
        label=gettext_lazy("Take back"),
        question=gettext_lazy("Has the holder given this card back?"),
        consequence=gettext_lazy("The card ends for good, and so does what it opened. The holder is told."),
        done=gettext_lazy("The card is taken back."),
        allowed_from=(CardStatus.ACTIVE, CardStatus.SUSPENDED),
        operation=operations.return_card,
        style="danger",
    ),
    "revoke": Change(
        label=gettext_lazy("Revoke"),
        question=gettext_lazy("Revoke this card for good?"),
        consequence=gettext_lazy(
            "This cannot be undone. The card ends, and so does what it opened; the holder is told."
        ),
        done=gettext_lazy("The card is revoked."),
        allowed_from=(CardStatus.IN_PRODUCTION, CardStatus.ACTIVE, CardStatus.SUSPENDED),
        operation=operations.revoke_card,
        style="danger",
    ),
}


@login_required
@never_cache
@require_safe
def my_card(request: HttpRequest) -> HttpResponse:
    """Show the reader's own card, its code and what happened to it."""
    card = queries.card_of_user(request.user)
    context: dict[str, Any] = {"card": card}
    if card is not None:
        context.update(
            face=presentation.as_card(card, request.user),
            timeline=presentation.as_timeline(card, request.user),
            # Why it is in force again is history; why it is not is news.
            reason="" if card.status == CardStatus.ACTIVE else card.reason_text,
            may_report_loss=card.status == CardStatus.ACTIVE,
            decisions=casework.decisions_about([card.award.case_id], addressed_to=request.user),
        )
    return render(request, "issuance/my_card.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card_report_loss(request: HttpRequest) -> HttpResponse:
    """Ask whether the card is lost, and have it suspended."""
    card = queries.card_of_user(request.user)
    if card is None:
        raise Http404
    if request.method == "POST":
        operations.report_loss(actor=cast(User, request.user), card=card, at=timezone.now())
        messages.success(request, _("The card is reported lost and no longer accepted."))
        return redirect("issuance:my-card")
    return render(request, "issuance/card_report_loss.html", {"facts": presentation.as_facts(card)})


@login_required
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Show officers the cards of their tiers, and auditors all; a whole number leads straight to its card."""
    if not rules.may_list_cards(request.user):
        raise PermissionDenied
    form = CardFilterForm(request.GET or None)
    wanted = form.narrowing()
    number = numbers.normalise(wanted.get("number", ""))
    if numbers.is_valid(number):
        card = queries.cards_visible_to(request.user).filter(number=number).first()
        if card is not None:
            return redirect("issuance:card-detail", card_id=card.pk)
    found = queries.narrow(queries.cards_listed_for(request.user), **wanted)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    items = [presentation.as_row(card) for card in page]
    return render(request, "issuance/card_list.html", {"form": form, "page": page, "items": items})


@login_required
@never_cache
@require_safe
def card_detail(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Show a card to those who may see it, with what they may do to it."""
    card = _visible_card(request, card_id)
    may_manage = rules.may_manage_card(request.user, card)
    actions = [
        {
            "label": change.label,
            "url": reverse("issuance:card-change", args=[card.pk, name]),
            "style": "danger" if name == "revoke" else "secondary",
        }
        for name, change in CHANGES.items()
        if may_manage and card.status in change.allowed_from
    ]
    context = {
        "card": card,
        "face": presentation.as_card(card, request.user),
        "facts": presentation.as_facts(card),
        "timeline": presentation.as_timeline(card, request.user),
        "actions": actions,
        "breadcrumbs": _breadcrumbs(request),
        "png_url": reverse("api-card-qr-png", args=[card.pk]) if may_manage and card.valid_from else "",
    }
    return render(request, "issuance/card_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def card_change(request: HttpRequest, card_id: UUID, action: str) -> HttpResponse:
    """Ask for the reason of a change and say what follows from it, then make it."""
    change = CHANGES.get(action)
    if change is None:
        raise Http404
    card = _visible_card(request, card_id)
    if not rules.may_manage_card(request.user, card):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change.operation(actor=request.user, card=card, at=timezone.now(), **form.cleaned_data)
        messages.success(request, str(change.done))
        return redirect("issuance:card-detail", card_id=card.pk)
    context = {
        "card": card,
        "change": change,
        "form": form,
        "facts": presentation.as_facts(card),
        "breadcrumbs": [*_breadcrumbs(request), {"label": card.number, "url": _url_of(card)}],
        "cancel_url": _url_of(card),
    }
    return render(request, "issuance/card_change.html", context)


def _visible_card(request: HttpRequest, card_id: UUID) -> TalentCard:
    return get_object_or_404(queries.cards_visible_to(request.user), pk=card_id)


def _url_of(card: TalentCard) -> str:
    return reverse("issuance:card-detail", args=[card.pk])


def _breadcrumbs(request: HttpRequest) -> list[dict[str, str]]:
    if not rules.may_list_cards(request.user):
        return []
    return [{"label": _("Cards"), "url": reverse("issuance:card-list")}]
