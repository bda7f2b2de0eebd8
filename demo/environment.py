"""The environment the demonstration's processes run in: embedded mode, everything under one folder."""

import os
from pathlib import Path

from talentcard.core.keys import fresh_secrets

ROOT = Path(__file__).resolve().parent.parent
# Long enough to see a notice stand, short enough to wait for.
WORKING_DAY_SECONDS = 2


def demo_environment(folder: Path, *, port: int) -> dict[str, str]:
    """Return the variables of a demonstration kept in `folder`; its secrets are made once and stay."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    base = f"http://127.0.0.1:{port}"
    return {
        **os.environ,
        **_secrets(folder / "secrets.env"),
        "DJANGO_SETTINGS_MODULE": "talentcard.settings",
        "DEMO": "true",
        "DEMO_WORKING_DAY_SECONDS": str(WORKING_DAY_SECONDS),
        "DEBUG": "false",
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_URL": f"sqlite:///{folder / 'talentcard.sqlite3'}",
        "REDIS_URL": "",
        "SECURE_HTTPS": "false",
        "BEHIND_PROXY": "false",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": base,
        "CODE_BASE_URL": base.upper(),
        "CODE_ISSUER": base,
        "STATUS_LIST_BASE_URL": base,
        "EMAIL_BACKEND": "talentcard.notifications.backends.MailFolderBackend",
        "SMS_BACKEND": "talentcard.notifications.sms.folder.FolderGateway",
        # A worker that is killed is noticed soon; nothing here runs for long.
        "OUTBOX_LEASE_SECONDS": "15",
        "LOG_LEVEL": "INFO",
    }


def _secrets(path: Path) -> dict[str, str]:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in fresh_secrets().items()))
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)
