"""Messages to people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talentcard.core.models import BaseModel
from talentcard.notifications import catalogue
from talentcard.notifications.choices import EmailStatus, SmsStatus


class Message(BaseModel):
    """One person told of one fact, once: `key` names the fact within its event.

    The text is made when it is read, in the reader's language.

    .. no_pii: parameters are numbers and codes; the addresses are read from the account when sending
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    event = models.CharField(_("event"), max_length=60)
    key = models.CharField(_("fact"), max_length=120)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    email_status = models.CharField(_("e-mail"), max_length=10, choices=EmailStatus, default=EmailStatus.NONE)
    sms_status = models.CharField(_("SMS"), max_length=10, choices=SmsStatus, default=SmsStatus.NONE)
    # The gateway's own name for it, to ask them what became of it.
    sms_reference = models.CharField(_("the gateway's reference"), max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "event", "key"], name="one_message_per_recipient_and_fact")
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="message_inbox")]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.event} {self.key}"

    @property
    def title(self) -> str:
        """Return the title in the active language."""
        return str(catalogue.get(self.event).title) % self.params

    @property
    def body(self) -> str:
        """Return the text in the active language."""
        return str(catalogue.get(self.event).body) % self.params
