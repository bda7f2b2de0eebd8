"""Forget what is kept in this process when it changes; no rule hangs on it, only how soon a change is seen."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from oauth2_provider.models import AccessToken

from cards.credentials.models import SigningKey
from cards.issuance.models import Tier
from cards.verification import lookups
from cards.verification.api import partners
from cards.verification.models import Desk, Purpose
from talentcard.accounts.models import Organisation, PartnerSystem


def _forget_grants(**_: Any) -> None:
    partners.forget()


def _forget_lookups(**_: Any) -> None:
    lookups.forget()


def connect() -> None:
    """Listen to what grants, keys and tiers are made of."""
    for model in (AccessToken, PartnerSystem, Organisation, Desk, Purpose):
        for signal in (post_save, post_delete):
            signal.connect(_forget_grants, sender=model)
    m2m_changed.connect(_forget_grants, sender=Desk.purposes.through)
    for model in (SigningKey, Tier):
        for signal in (post_save, post_delete):
            signal.connect(_forget_lookups, sender=model)
