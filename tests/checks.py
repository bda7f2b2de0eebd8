"""Checks that need Django's settings: `python -m tests.checks`, a part of `make lint`."""

import subprocess
import sys

from tests import environment as _environment  # noqa: F401  # sets the variables the settings read


def main() -> int:
    """Run Django's checks, the migrations check and the schema's validation; return the number of failures."""
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    # The types' plugin reads the settings too.
    failures = int(subprocess.call([sys.executable, "-m", "mypy"]) != 0)
    for name, args in (
        ("check", ["--fail-level", "ERROR"]),
        ("makemigrations", ["--check", "--dry-run", "--verbosity", "0"]),
        ("spectacular", ["--validate", "--fail-on-warn", "--file", "/dev/null"]),
    ):
        try:
            call_command(name, *args)
        except (CommandError, SystemExit) as error:
            print(f"{name}: {error}", file=sys.stderr)  # a command line tool
            failures += 1
    return failures


if __name__ == "__main__":
    sys.exit(main())
