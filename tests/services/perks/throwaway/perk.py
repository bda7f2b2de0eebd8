"""A perk that exists in one test: what its package would hold, and nothing else anywhere."""

from services.perks.registry import Perk, RequestForm, register


@register
class Throwaway(Perk):
    slug = "throwaway"
    name = "Throwaway"
    summary = "Shows that a perk is a package and one line of settings."
    department = "nobody"
    request_form = RequestForm
