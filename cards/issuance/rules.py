"""Who may do what with a card: pure predicates, shared by API, pages and admin."""

from cards.issuance.models import TalentCard
from talentcard.accounts.choices import Role
from talentcard.accounts.rules import Actor, has_role, is_auditor


def is_holder(user: Actor, card: TalentCard) -> bool:
    """Tell whether a card is the user's own."""
    return user is not None and user.is_authenticated and card.holder.user_id == user.pk


def is_issuer(user: Actor) -> bool:
    """Tell whether a user manages cards at all."""
    return has_role(user, Role.ISSUER)


def may_manage_card(user: Actor, card: TalentCard) -> bool:
    """Tell whether a user may suspend, reinstate or revoke a card; nobody manages their own."""
    return has_role(user, Role.ISSUER, tier=card.tier.code) and not is_holder(user, card)


def may_see_card(user: Actor, card: TalentCard) -> bool:
    """Tell whether a user may read a card's page."""
    return is_holder(user, card) or has_role(user, Role.ISSUER, tier=card.tier.code) or is_auditor(user)


def may_see_code(user: Actor, card: TalentCard) -> bool:
    """Tell whether a user may have the code itself: whoever holds it can show it at a desk."""
    return is_holder(user, card) or may_manage_card(user, card)


def may_list_cards(user: Actor) -> bool:
    """Tell whether a user works with other people's cards."""
    return is_issuer(user) or is_auditor(user)


def is_registered(user: Actor) -> bool:
    """Tell whether a user is a person of the registry; one query, kept on the user object."""
    return user is not None and user.is_authenticated and hasattr(user, "talent")
