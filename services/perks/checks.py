"""System checks: every registered perk is complete."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.validators import slug_re

from services.perks import registry
from services.perks.models import SLUG_LENGTH
from services.perks.registry import Perk

# The engine's own paths under /perks/, which a perk's slug would hide.
RESERVED = frozenset({"requests", "inbox", "redeem"})


@register()
def perks_are_complete(**kwargs: Any) -> list[CheckMessage]:
    """Refuse two perks of one slug, and a perk that the catalogue could not show or an officer not handle."""
    perks = registry.all_perks()
    slugs = [perk.slug for perk in perks]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    found: list[CheckMessage] = [Error(f"Two perks have the slug {slug!r}.", id="perks.E001") for slug in twice]
    for perk in perks:
        found += [Error(problem, obj=type(perk), id="perks.E002") for problem in _problems(perk)]
    return found


def _problems(perk: Perk) -> list[str]:
    problems = [f"{field} is empty." for field in ("name", "summary", "icon", "department") if not getattr(perk, field)]
    if not slug_re.match(perk.slug) or len(perk.slug) > SLUG_LENGTH:
        problems.append(f"slug {perk.slug!r} is not a slug of at most {SLUG_LENGTH} characters.")
    if perk.slug in RESERVED:
        problems.append(f"slug {perk.slug!r} is a path of the engine.")
    if perk.working_days < 1:
        problems.append("working_days is less than one.")
    if perk.is_redeemable and not perk.purpose:
        problems.append("purpose is empty, so no desk can redeem it.")
    if perk.request_form is None and not perk.is_redeemable:
        problems.append("it can neither be asked for nor redeemed.")
    return problems
