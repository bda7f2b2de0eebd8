"""Give a person a card."""

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance import numbers
from cards.issuance.choices import CardStatus, Route
from cards.issuance.models import Award, Basis, CardNumberCounter, CardTransition, TalentCard, Tier
from cards.talents.models import Talent
from cards.talents.operations import ensure_account, lock_person
from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError
from talentcard.core.transactions import atomic_operation
from talentcard.outbox.operations import enqueue


class HolderHasLiveCard(DomainError):
    """The person has a card that is in production, active or suspended."""

    code = "holder_has_live_card"
    message = _("This person has a card already.")


@atomic_operation
def award_card(
    *,
    actor: User | None,
    case_id: UUID,
    holder: Talent,
    tier: Tier,
    route: Route,
    basis: Basis,
    evidence_hash: str,
    at: dt.datetime,
) -> TalentCard:
    """Award a card to a holder and have it produced; a second call for the same deciding case returns the same card.

    Whoever has no account yet is given one: the card is shown there.

    :param evidence_hash: the SHA-256, in hex, of what the decision rests on
    :raises HolderHasLiveCard: if the holder has a live card from another award, under whichever document
    """
    # Lock the person: two routes may end in an award at the same moment.
    holder = Talent.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    records = lock_person(talent=holder)
    known = TalentCard.objects.select_related("award").filter(award__case_id=case_id).first()
    if known is not None:
        return known
    if TalentCard.objects.live().filter(holder__in=records).exists():
        raise HolderHasLiveCard

    award = Award.objects.create(
        case_id=case_id,
        holder=holder,
        tier=tier,
        route=route,
        basis=basis,
        evidence_hash=evidence_hash,
        decided_at=at,
    )
    card = TalentCard.objects.create(award=award, holder=holder, tier=tier, number=_next_number(at))
    CardTransition.objects.create(card=card, to_status=CardStatus.IN_PRODUCTION, actor=actor, at=at)
    if holder.user_id is None:
        ensure_account(actor=actor, talent=holder, at=at)
    record(actor=actor, action="card.awarded", target=card, data={"case": str(case_id), "tier": tier.code})
    enqueue("issuance.produce_edition", queue="produce", card_id=card.pk)
    return card


def _next_number(at: dt.datetime) -> str:
    year = timezone.localdate(at).year
    # Locked until the award commits: a number is given once, and none is lost to an award that fails.
    CardNumberCounter.objects.get_or_create(year=year)
    counter = CardNumberCounter.objects.select_for_update().get(year=year)
    number = None
    while number is None:
        counter.last += 1
        number = numbers.compose(year=year, serial=counter.last)
    counter.save(update_fields=["last"])
    return number
