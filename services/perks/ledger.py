"""Write the ledger of uses; the one place a quota changes."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import TalentCard
from services.perks import rules
from services.perks.choices import EntryKind
from services.perks.eligibility import Quota
from services.perks.models import LedgerEntry, QuotaAccount
from talentcard.accounts.models import Organisation, User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, NotAllowed
from talentcard.core.transactions import atomic_operation


class QuotaUsed(DomainError):
    """The period's quota does not hold so many more uses."""

    code = "quota_used"
    message = _("Only %(left)s of %(limit)s uses are left in %(period)s.")


class NonceReused(DomainError):
    """The nonce names another use."""

    code = "nonce_reused"
    message = _("This nonce was used for a different redemption.")
    http_status = 422


class UseAlreadyReversed(DomainError):
    """A use is given back once."""

    code = "use_already_reversed"
    message = _("This use was already given back.")


@atomic_operation
def charge_use(
    *,
    actor: User | None,
    card: TalentCard,
    perk: str,
    quota: Quota,
    quantity: int,
    organisation: Organisation,
    nonce: str,
    at: dt.datetime,
    attempt_id: UUID | None = None,
) -> LedgerEntry:
    """Charge uses to a holder's quota; a second call with the same nonce returns the first entry.

    :param actor: who redeems; None for a partner's system
    :raises QuotaUsed: if fewer uses are left
    :raises NonceReused: if the nonce names a different use
    """
    entry = LedgerEntry(
        card=card,
        kind=EntryKind.USE,
        quantity=quantity,
        organisation=organisation,
        nonce=nonce,
        attempt_id=attempt_id,
        recorded_by=actor,
        at=at,
    )
    try:
        with transaction.atomic():
            _charge(entry, perk=perk, quota=quota, at=at)
    except (IntegrityError, QuotaUsed):
        # What was charged is undone with the savepoint; if this is a replay, the first entry is the answer.
        if (known := find_use(organisation=organisation, nonce=nonce)) is None:
            raise
        return _same_use(known, entry, perk=perk)
    data = {"perk": perk, "period": quota.period, "quantity": quantity}
    record(actor=actor, action="perk.redeemed", target=entry, data=data)
    return entry


@atomic_operation
def reverse_use(*, actor: User, entry: LedgerEntry, nonce: str, at: dt.datetime) -> LedgerEntry:
    """Give a use back to the quota it came from; a second call with the same nonce returns the first reversal.

    :raises NotAllowed: unless an officer of the perk's department, or the desk that redeemed, within its time
    :raises UseAlreadyReversed: if another call gave it back
    """
    if not rules.may_reverse(actor, entry, at=at):
        raise NotAllowed
    # Lock the account: two reversals of one use come one after the other.
    account = QuotaAccount.objects.select_for_update().get(pk=entry.account_id)
    known = LedgerEntry.objects.filter(reverses=entry).first()
    if known is not None and known.nonce == nonce:
        return known
    if known is not None:
        raise UseAlreadyReversed
    reversal = LedgerEntry(
        account=account,
        card_id=entry.card_id,
        kind=EntryKind.REVERSAL,
        quantity=-entry.quantity,
        organisation_id=entry.organisation_id,
        nonce=nonce,
        reverses=entry,
        recorded_by=actor,
        at=at,
    )
    try:
        with transaction.atomic():
            reversal.save(force_insert=True)
    except IntegrityError as error:
        raise NonceReused(field="nonce") from error
    QuotaAccount.objects.filter(pk=account.pk).update(used=F("used") - entry.quantity, updated_at=at)
    record(actor=actor, action="perk.use_reversed", target=reversal, data={"entry": str(entry.pk)})
    return reversal


def find_same_use(
    *, organisation: Organisation, nonce: str, card: TalentCard, perk: str, quantity: int
) -> LedgerEntry | None:
    """Return the use that an organisation recorded under a nonce.

    :raises NonceReused: if the nonce names a different use
    """
    known = find_use(organisation=organisation, nonce=nonce)
    asked = LedgerEntry(card=card, kind=EntryKind.USE, quantity=quantity)
    return None if known is None else _same_use(known, asked, perk=perk)


def find_use(*, organisation: Organisation, nonce: str) -> LedgerEntry | None:
    """Return what an organisation recorded under a nonce."""
    return LedgerEntry.objects.filter(organisation=organisation, nonce=nonce).select_related("account").first()


def _charge(entry: LedgerEntry, *, perk: str, quota: Quota, at: dt.datetime) -> None:
    account, _created = QuotaAccount.objects.get_or_create(
        holder_id=entry.card.holder_id, perk=perk, period=quota.period, defaults={"limit": quota.limit}
    )
    # The condition is in the statement: whoever redeems at once waits for this row and is judged by what it then says.
    charged = QuotaAccount.objects.filter(pk=account.pk, used__lte=quota.limit - entry.quantity).update(
        used=F("used") + entry.quantity, limit=quota.limit, updated_at=at
    )
    if not charged:
        left = max(quota.limit - account.used, 0)
        raise QuotaUsed(left=left, limit=quota.limit, period=quota.period)
    entry.account = account
    entry.save(force_insert=True)


def _same_use(known: LedgerEntry, asked: LedgerEntry, *, perk: str) -> LedgerEntry:
    # The period is left out: a replay just after New Year is still the old year's use.
    is_same = (known.kind, known.card_id, known.quantity) == (asked.kind, asked.card_id, asked.quantity)
    if not is_same or known.account.perk != perk:
        raise NonceReused(field="nonce")
    return known
