"""A person's messages."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from talentcard.notifications import operations


@login_required
def message_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's own messages, newest first."""
    messages = request.user.messages.all()  # type: ignore[union-attr]  # login_required
    page = Paginator(messages, 25).get_page(request.GET.get("page"))
    return render(request, "notifications/message_list.html", {"page": page})


@login_required
@require_POST
def message_mark_read(request: HttpRequest) -> HttpResponse:
    """Mark all of the reader's messages as read."""
    operations.mark_read(recipient=request.user, at=timezone.now())
    return redirect("notifications:message-list")
