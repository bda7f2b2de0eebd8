from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from demo import world


class Command(BaseCommand):
    """Migrate, collect the static files and make the sample city, for the demonstration only."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This makes sample data with known passwords. It runs only with DEMO=true.")
        call_command("migrate", verbosity=0, interactive=False)
        # Pico ships a hundred variants; the pages use one.
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["pico.[!m]*"])
        world.make()
