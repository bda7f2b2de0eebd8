"""Reads across relations."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from cards.issuance.choices import CardStatus, EditionStatus
from cards.issuance.models import CardEdition, CardTransition, RecognisedEntry, TalentCard, Tier
from cards.issuance.numbers import normalise
from cards.talents.models import Talent
from talentcard.accounts.choices import Role
from talentcard.accounts.rules import Actor, assignments, is_auditor

# The card that speaks for a person comes first.
_ORDER = Case(
    When(status=CardStatus.ACTIVE, then=Value(0)),
    When(status=CardStatus.SUSPENDED, then=Value(1)),
    When(status=CardStatus.IN_PRODUCTION, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


def live_card_of(talent: Talent) -> TalentCard | None:
    """Return the card that stands in the way of another one, or None."""
    return TalentCard.objects.live().filter(holder=talent).first()


def card_of_user(user: Actor) -> TalentCard | None:
    """Return a user's live card, else the one that ended last, with what its page shows."""
    if user is None or not user.is_authenticated:
        return None
    return cards().filter(holder__user_id=user.pk).order_by(_ORDER, "-created_at").first()


def card_by_number(text: str) -> TalentCard | None:
    """Return the card with a number as somebody may write it, or None."""
    return cards().filter(number=normalise(text)).first()


def cards() -> QuerySet[TalentCard]:
    """Return cards with what lists and rules look at."""
    return TalentCard.objects.select_related("holder", "tier")


def cards_visible_to(user: Actor) -> QuerySet[TalentCard]:
    """Return every card a user may read: one's own, an issuer's tiers, all for an auditor."""
    if user is None or not user.is_authenticated:
        return cards().none()
    if is_auditor(user):
        return cards()
    return cards().filter(Q(holder__user_id=user.pk) | _managed_by(user))


def cards_listed_for(user: Actor) -> QuerySet[TalentCard]:
    """Return the cards a user may find in a list, newest first; nobody under secrecy is in one but their own."""
    visible = cards_visible_to(user)
    if user is not None and user.is_authenticated:
        visible = visible.filter(Q(holder__is_secret=False) | Q(holder__user_id=user.pk))
    return visible.order_by("-created_at", "pk")


def narrow(found: QuerySet[TalentCard], *, status: str = "", tier: str = "", number: str = "") -> QuerySet[TalentCard]:
    """Keep the cards with a status, of a tier, or whose number begins so; what is empty is not looked at."""
    if status:
        found = found.filter(status=status)
    if tier:
        found = found.filter(tier__code=tier)
    if number:
        found = found.filter(number__startswith=normalise(number))
    return found


def edition_in_force(card: TalentCard) -> CardEdition | None:
    """Return the edition whose code is the card's proof, or None while there is none."""
    return card.editions.filter(status=EditionStatus.ACTIVE).first()


def history_of(card: TalentCard) -> QuerySet[CardTransition]:
    """Return what happened to a card, oldest first, with who did it."""
    return card.transitions.select_related("actor")


def _managed_by(user: Actor) -> Q:
    tiers = [entry.tier for entry in assignments(user, Role.ISSUER)]
    if "" in tiers:
        return ~Q(pk=None)
    return Q(tier__code__in=tiers)


def rank_of(tier: Tier) -> int:
    """Return a tier's place in its policy, 1 for the highest; one query."""
    return Tier.objects.filter(policy_id=tier.policy_id, code__lte=tier.code).count()


def is_in_use(rows: QuerySet[models.Model]) -> bool:
    """Tell whether anything, in whatever room, refers to one of some rows and forbids its deletion."""
    return any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows}).exists()
        for relation in rows.model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT
    )


def entry_of(talent: Talent, *, recognised_list_id: UUID, on: dt.date) -> RecognisedEntry | None:
    """Return the entry that names a person in a recognised list on a day, by any of their identity documents."""
    entries = RecognisedEntry.objects.in_force(on).of_people().filter(recognised_list=recognised_list_id)
    indexes = talent.identity_documents.values("number_index")
    return entries.filter(identity_index__in=indexes).order_by("valid_from").first()
