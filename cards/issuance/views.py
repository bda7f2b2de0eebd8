"""Pages of the holder and of the officers who manage cards."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse


@login_required
def my_card(request: HttpRequest) -> HttpResponse:
    raise Http404


@login_required
def card_report_loss(request: HttpRequest) -> HttpResponse:
    raise Http404


@login_required
def card_list(request: HttpRequest) -> HttpResponse:
    raise Http404


@login_required
def card_detail(request: HttpRequest, card_id: UUID) -> HttpResponse:
    raise Http404


@login_required
def card_change(request: HttpRequest, card_id: UUID, action: str) -> HttpResponse:
    raise Http404
