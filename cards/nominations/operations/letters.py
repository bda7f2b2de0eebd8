"""The e-mails that carry a link to answer by, in both languages: nobody knows which one an expert reads."""

import datetime as dt
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cards.nominations.choices import Asked
from cards.nominations.models import AnswerLink
from talentcard.core.transactions import atomic_operation

LANGUAGES = ("zh-hans", "en")


def send_link(*, link: AnswerLink, at: dt.datetime) -> None:
    """Send a link's e-mail, and forget what it carries; do nothing if it was sent or no longer works.

    The Message-ID is the link's own, so a mailbox drops the copy that a crash between sending and noting could make.
    """
    if link.sent_at is None and AnswerLink.objects.usable(at).filter(pk=link.pk).exists():
        address = _address(link)
        if address:
            _email(link, address).send()
            link.sent_at = at
    _forget_token(link=link)


@atomic_operation
def _forget_token(*, link: AnswerLink) -> None:
    link.token = ""
    link.save(update_fields=["token", "sent_at", "updated_at"])


def _address(link: AnswerLink) -> str:
    request = link.request
    if request.expert is not None:
        return request.expert.email
    # The account's own address, not the one this case states: whoever nominates does not choose who consents.
    user = request.nomination.talent.user
    return user.email if user is not None else ""


def _email(link: AnswerLink, address: str) -> EmailMessage:
    query = urlencode({"t": link.token})
    url = f"{settings.SITE_URL}{reverse('nominations:answer')}?{query}"
    subjects, bodies = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(_subject(link))
            bodies.append(_body(link))
    return EmailMessage(
        subject=" / ".join(subjects),
        body="\n\n".join([*bodies, url]),
        to=[address],
        headers={"Message-ID": f"<{link.pk}@talentcard>", "X-Event": f"nomination.asked_{link.request.asked}"},
    )


def _subject(link: AnswerLink) -> str:
    number = link.request.nomination.number
    if link.request.asked == Asked.EXPERT:
        subject = _("Haihe Talent card: please confirm nomination %(number)s")
    else:
        subject = _("Haihe Talent card: do you consent to nomination %(number)s?")
    subject = subject % {"number": number}
    return _("Reminder: %(subject)s") % {"subject": subject} if link.is_reminder else subject


def _body(link: AnswerLink) -> str:
    nomination = link.request.nomination
    if link.request.asked == Asked.EXPERT:
        body = _(
            "%(nominator)s names you as the expert who can confirm nomination %(number)s for the Haihe Talent card. "
            "The link shows who is nominated and why, and takes your answer. You need no account. It works once, until "
            "%(until)s; please pass it on to nobody."
        )
    else:
        body = _(
            "%(nominator)s nominates you for the Haihe Talent card: nomination %(number)s. The link shows what is "
            "stated of you, and takes whether you consent. You need no account. It works once, until %(until)s; please "
            "pass it on to nobody."
        )
    until = date_format(timezone.localtime(link.expires_at), "Y-m-d H:i")
    return body % {"nominator": nomination.nominator.name, "number": nomination.number, "until": until}
