"""A person's messages."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from talentcard.notifications import operations
from talentcard.notifications.models import Message


@login_required
def message_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's own messages, newest first."""
    messages = Message.objects.filter(recipient=request.user.pk)
    page = Paginator(messages, 25).get_page(request.GET.get("page"))
    items = [_as_item(message) for message in page]
    has_unread = messages.filter(read_at=None).exists()
    return render(request, "notifications/message_list.html", {"page": page, "items": items, "has_unread": has_unread})


@login_required
@require_POST
def message_mark_read(request: HttpRequest) -> HttpResponse:
    """Mark all of the reader's messages as read."""
    operations.mark_read(recipient=request.user, at=timezone.now())
    return redirect("notifications:message-list")


def _as_item(message: Message) -> dict[str, Any]:
    """Return what the list component shows of a message."""
    return {
        "title": message.title,
        "text": message.body,
        "url": message.url,
        "meta": [date_format(timezone.localtime(message.created_at), "Y-m-d H:i")],
        "status_label": _("new") if message.read_at is None else "",
        "status_tone": "info",
    }
