from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talentcard.audit.models import AuditEvent
from talentcard.audit.operations import LogTampered, verify_log


class Command(BaseCommand):
    """Prove that the audit log was not altered since it was sealed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked = verify_log()
        except LogTampered as error:
            raise CommandError(str(error)) from error
        waiting = AuditEvent.objects.filter(sealed=None).count()
        self.stdout.write(f"{checked} sealed events are as they were sealed; {waiting} wait for the next seal")
