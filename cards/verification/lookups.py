"""What a check needs to know and what seldom changes: the city's keys and the names of the tiers."""

from talentcard_verifier import TrustedKeys

from cards.credentials.queries import published_keys
from cards.issuance.models import Tier
from cards.verification.kept import Kept

# After a key change the first code with the new key is seen at once, and a flood of made-up key ids costs little.
KEY_REFRESH_SECONDS = 1


def _load_keys(_key: None) -> TrustedKeys:
    # The published document itself: online nothing counts that an offline desk would not trust.
    return TrustedKeys.from_json(published_keys())


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
