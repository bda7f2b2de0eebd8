"""A mailbox for machines without a mail server."""

from collections.abc import Sequence
from email.utils import unquote
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class MailFolderBackend(BaseEmailBackend):
    """Write each e-mail to `EMAIL_FILE_PATH/<Message-ID>.eml`: sent twice, it is still one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for email in email_messages:
            message = email.message()
            name = unquote(message["Message-ID"]).partition("@")[0]
            target = folder / f"{Path(name).name}.eml"
            partial = target.with_suffix(".part")
            partial.write_bytes(message.as_bytes())
            partial.replace(target)
        return len(email_messages)
