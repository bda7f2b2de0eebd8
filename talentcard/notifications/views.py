"""A person's messages."""

from typing import Any

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from talentcard.core.phones import masked
from talentcard.notifications import operations, sms
from talentcard.notifications.forms import SmsForm
from talentcard.notifications.models import Message


@login_required
def message_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's own messages, newest first."""
    messages = Message.objects.filter(recipient=request.user.pk)
    page = Paginator(messages, 25).get_page(request.GET.get("page"))
    items = [_as_item(message) for message in page]
    has_unread = messages.filter(read_at=None).exists()
    context = {"page": page, "items": items, "has_unread": has_unread, **_sms_choice(request.user)}
    return render(request, "notifications/message_list.html", context)


@login_required
@require_POST
def message_mark_read(request: HttpRequest) -> HttpResponse:
    """Mark all of the reader's messages as read."""
    operations.mark_read(recipient=request.user, at=timezone.now())
    return redirect("notifications:message-list")


@login_required
@require_POST
def message_sms(request: HttpRequest) -> HttpResponse:
    """Switch the reader's own text messages on or off."""
    form = SmsForm(request.POST)
    if form.is_valid():
        operations.choose_sms(recipient=request.user, wants_sms=form.cleaned_data["wants_sms"])
        flash.success(request, _("Your choice was saved."))
    return redirect("notifications:message-list")


def _sms_choice(reader: Any) -> dict[str, Any]:
    """Return the form that switches text messages, and the number they go to; nothing where none can be sent."""
    if not (sms.is_on() and reader.phone):
        return {}
    form = SmsForm(initial={"wants_sms": reader.wants_sms})
    form.fields["wants_sms"].help_text = _("Text messages go to %(number)s.") % {"number": masked(reader.phone)}
    return {"sms_form": form}


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
