"""What a check needs to know and what seldom changes: the city's keys and the names of the tiers."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from talentcard_verifier.keys import TrustedKey, TrustedKeys

from cards.credentials.choices import KeyStatus
from cards.credentials.models import SigningKey
from cards.issuance.models import Tier
from cards.verification.kept import Kept

# After a key change the first code with the new key is seen at once, and a flood of made-up key ids costs little.
KEY_REFRESH_SECONDS = 1


def _load_keys(_key: None) -> TrustedKeys:
    return TrustedKeys(
        TrustedKey(
            kid=bytes.fromhex(key.kid),
            public_key=Ed25519PublicKey.from_public_bytes(bytes(key.public_key)),
            issuer=settings.CODE_ISSUER,
            # A code's time has whole seconds: one signed in the key's first second is not from before it.
            not_before=key.valid_from.replace(microsecond=0),
            not_after=key.valid_until,
        )
        for key in SigningKey.objects.exclude(status=KeyStatus.REVOKED).defer("private_key")
    )


def _load_tiers(_key: None) -> dict[str, Tier]:
    return {tier.code: tier for tier in Tier.objects.order_by("policy__number")}


_keys = Kept(_load_keys)
_tiers = Kept(_load_tiers)


def trusted_keys(*, is_key_missing: bool = False) -> TrustedKeys:
    """Return the keys whose signatures count; say if one was missing, and they are looked up again."""
    keys = _keys.get(None, max_age=KEY_REFRESH_SECONDS) if is_key_missing else _keys.get(None)
    assert keys is not None  # noqa: S101  # the loader always returns a set, if only an empty one
    return keys


def tier_name(code: str) -> str:
    """Return a tier's name in the reader's language, as the newest policy has it; the code itself if none has it."""
    tier = (_tiers.get(None) or {}).get(code)
    return tier.name if tier else code


def forget() -> None:
    """Forget what was looked up in this process."""
    _keys.clear()
    _tiers.clear()
