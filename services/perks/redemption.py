"""Redeem a use of a perk at a desk: verify the card and charge its holder's quota in one transaction.

The one module of the perks that knows how cards are verified.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.issuance.choices import EditionStatus
from cards.issuance.models import CardEdition
from cards.verification.choices import Channel
from cards.verification.models import Desk, Purpose
from cards.verification.operations import VerificationResult, verify_code
from cards.verification.queries import desks_of
from services.perks import ledger, registry
from services.perks.choices import RedemptionStatus, RefusalReason
from services.perks.eligibility import Eligibility, PerkContext, evaluate
from services.perks.models import LedgerEntry
from services.perks.registry import Perk
from talentcard.accounts.models import Organisation, PartnerSystem, User
from talentcard.core.errors import DomainError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation

NONCE_LENGTH = 48
PREVIEW_SUFFIX = ".preview"


class PerkNotRedeemable(DomainError):
    """The perk is asked for, not redeemed at a desk."""

    code = "perk_not_redeemable"
    message = gettext_lazy("This service is not redeemed at a desk.")


@dataclass(frozen=True, kw_only=True)
class Redeemer:
    """Who redeems: a person at a desk, or a partner's system."""

    actor: User | None = None
    desk: Desk | None = None
    system: PartnerSystem | None = None

    @property
    def organisation(self) -> Organisation:
        """Return the partner in whose name it happens.

        :raises NotAllowed: if there is neither desk nor system
        """
        if self.system is not None:
            return self.system.organisation
        if self.desk is not None:
            return self.desk.organisation
        raise NotAllowed


@dataclass(frozen=True, kw_only=True)
class Redemption:
    """What came of a scan, and why; a refusal is an answer too, so that the check behind it stays on record."""

    status: RedemptionStatus
    perk: Perk
    quantity: int
    verification: VerificationResult
    reason: RefusalReason | None = None
    message: str = ""
    remaining: int | None = None
    entry: LedgerEntry | None = None

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Return what of the card the purpose shows, as labels and values."""
        return [(str(field.label), value) for field, value in self.verification.fields.items()]


@atomic_operation
def preview_redemption(
    *, redeemer: Redeemer, code: str, perk: str, quantity: int, nonce: str, at: dt.datetime
) -> Redemption:
    """Show what redeeming would do, and use nothing; the check itself is on record.

    :raises PerkUnknown: if there is no such perk
    :raises PerkNotRedeemable: if it is not redeemed at desks
    :raises NotAllowed: if the redeemer does not work at the desk
    """
    wanted = _wanted(perk, quantity, nonce)
    # Its own nonce: confirming has to look at the card again, not at what was true when it was shown.
    result = _verify(redeemer, code=code, perk=wanted, nonce=nonce + PREVIEW_SUFFIX, at=at)
    return _judge(wanted, quantity, result, at=at)


@atomic_operation
def redeem(*, redeemer: Redeemer, code: str, perk: str, quantity: int, nonce: str, at: dt.datetime) -> Redemption:
    """Verify a card and charge uses to its holder, in one transaction; the same nonce again is the same use.

    :raises PerkUnknown: if there is no such perk
    :raises PerkNotRedeemable: if it is not redeemed at desks
    :raises NotAllowed: if the redeemer does not work at the desk
    :raises NonceReused: if the nonce names a different use or another check
    """
    wanted = _wanted(perk, quantity, nonce)
    result = _verify(redeemer, code=code, perk=wanted, nonce=nonce, at=at)
    if result.is_replay and (known := _replay(redeemer, wanted, quantity, nonce, result)) is not None:
        return known
    judged = _judge(wanted, quantity, result, at=at)
    if judged.status == RedemptionStatus.REFUSED:
        return judged
    context = _context_of(result, at=at)
    quota = wanted.quota(context)
    if context.card is None or quota is None:
        return judged
    try:
        # A savepoint: the attempt stays recorded.
        with transaction.atomic():
            entry = ledger.charge_use(
                actor=redeemer.actor,
                card=context.card,
                perk=perk,
                quota=quota,
                quantity=quantity,
                organisation=redeemer.organisation,
                nonce=nonce,
                attempt_id=result.attempt_id,
                at=at,
            )
    except ledger.QuotaUsed as error:
        # Somebody else took the last use between our look and our charge.
        return _refuse(wanted, quantity, result, RefusalReason.QUOTA_USED, str(error))
    return Redemption(
        status=RedemptionStatus.REDEEMED,
        perk=wanted,
        quantity=quantity,
        verification=result,
        remaining=None if judged.remaining is None else judged.remaining - quantity,
        entry=entry,
    )


def desks_for(user: User) -> list[Desk]:
    """Return the desks a person may redeem at."""
    return list(desks_of(user).select_related("organisation"))


def perks_at(desk: Desk) -> list[Perk]:
    """Return the perks a desk's purposes let it redeem."""
    codes = {purpose.code for purpose in desk.purposes.all() if desk.allows(purpose)}
    return [perk for perk in registry.all_perks() if perk.is_redeemable and perk.purpose in codes]


def _wanted(slug: str, quantity: int, nonce: str) -> Perk:
    perk = registry.get(slug)
    if not perk.is_redeemable:
        raise PerkNotRedeemable
    if quantity < 1:
        raise InvalidInput.of("quantity", "min_value", _("Redeem at least one use."))
    if not 0 < len(nonce) <= NONCE_LENGTH:
        message = _("Give each use a name of its own, of at most %(length)s characters.") % {"length": NONCE_LENGTH}
        raise InvalidInput.of("nonce", "max_length", message)
    return perk


def _verify(redeemer: Redeemer, *, code: str, perk: Perk, nonce: str, at: dt.datetime) -> VerificationResult:
    return verify_code(
        code=code,
        purpose=Purpose.objects.filter(code=perk.purpose).first(),
        channel=Channel.API if redeemer.system else Channel.DESK,
        nonce=nonce,
        at=at,
        actor=redeemer.actor,
        desk=redeemer.desk,
        system=redeemer.system,
    )


def _edition(result: VerificationResult) -> CardEdition | None:
    if result.edition_id is None:
        return None
    return CardEdition.objects.select_related("card__tier", "card__holder").filter(pk=result.edition_id).first()


def _context_of(result: VerificationResult, *, at: dt.datetime) -> PerkContext:
    edition = _edition(result)
    # A replayed check may be old: the edition could have been replaced since.
    if edition is None or edition.status != EditionStatus.ACTIVE:
        return PerkContext(holder=None, card=None, at=at)
    return PerkContext(holder=edition.card.holder, card=edition.card, at=at)


def _replay(redeemer: Redeemer, perk: Perk, quantity: int, nonce: str, result: VerificationResult) -> Redemption | None:
    """Return the use that this nonce stands for already, whatever has become of card and quota since."""
    if (edition := _edition(result)) is None:
        return None
    entry = ledger.find_same_use(
        organisation=redeemer.organisation, nonce=nonce, card=edition.card, perk=perk.slug, quantity=quantity
    )
    if entry is None:
        return None
    return Redemption(
        status=RedemptionStatus.REDEEMED,
        perk=perk,
        quantity=quantity,
        verification=result,
        remaining=entry.account.limit - entry.account.used,
        entry=entry,
    )


def _judge(perk: Perk, quantity: int, result: VerificationResult, *, at: dt.datetime) -> Redemption:
    """Return what redeeming would do, judged by the card as the register has it now."""
    if not result.is_valid:
        return _refuse(perk, quantity, result, RefusalReason.CARD_NOT_VALID, str(result.explanation.finding))
    context = _context_of(result, at=at)
    eligibility = evaluate(perk=perk, context=context)
    if not context.is_card_active:
        return _refuse(perk, quantity, result, RefusalReason.CARD_NOT_VALID, eligibility.conditions[0].reason)
    if not eligibility.is_open:
        is_quota = [condition.code for condition in eligibility.unmet] == ["quota"]
        reason = RefusalReason.QUOTA_USED if is_quota else RefusalReason.NOT_OPEN
        return _refuse(perk, quantity, result, reason, _desk_words(eligibility, reason))
    if eligibility.remaining is not None and eligibility.remaining < quantity:
        reason = RefusalReason.QUOTA_USED
        return _refuse(perk, quantity, result, reason, _desk_words(eligibility, reason))
    return Redemption(
        status=RedemptionStatus.READY,
        perk=perk,
        quantity=quantity,
        verification=result,
        remaining=eligibility.remaining,
    )


def _refuse(perk: Perk, quantity: int, result: VerificationResult, reason: RefusalReason, message: str) -> Redemption:
    return Redemption(
        status=RedemptionStatus.REFUSED,
        perk=perk,
        quantity=quantity,
        verification=result,
        reason=reason,
        message=message,
    )


def _desk_words(eligibility: Eligibility, reason: RefusalReason) -> str:
    """Say why in words for the desk: the catalogue's own reasons speak to the holder."""
    quota = eligibility.quota
    if reason == RefusalReason.QUOTA_USED and quota is not None:
        facts = {"left": eligibility.remaining, "limit": quota.limit, "period": quota.period}
        return _("Only %(left)s of %(limit)s uses are left in %(period)s.") % facts
    return _("This service is not open to the holder now; their own page says why.")
