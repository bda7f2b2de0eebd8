"""Text messages for machines without a gateway."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from talentcard.notifications.sms.base import Receipt


class FolderGateway:
    """Write each message to `SMS_FILE_PATH/<message id>.txt`: sent twice, it is still one file."""

    def send(self, *, to: str, text: str, template: str, message_id: UUID) -> Receipt:
        """Write the message."""
        folder = Path(settings.SMS_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"{message_id}.txt"
        partial = target.with_suffix(".part")
        partial.write_text(f"To: {to}\nTemplate: {template}\n\n{text}\n", encoding="utf-8")
        partial.replace(target)
        return Receipt(reference=target.name)
