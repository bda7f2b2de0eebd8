"""Print a fresh set of secrets as environment lines: `python -m talentcard.core.keys >> .env`."""

import base64
import secrets


def fresh_secrets() -> dict[str, str]:
    """Return a new value for every secret the settings require."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": f"1:{key()}",
        "BLIND_INDEX_KEY": key(),
        "AUDIT_SIGNING_KEY": key(),
    }


if __name__ == "__main__":
    for name, value in fresh_secrets().items():
        print(f"{name}={value}")
