from django.utils.translation import gettext_lazy as _

from services.perks import queries, rules
from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("Services"), url_name="perks:perk-list", order=20, is_for=rules.is_registered))
register(
    NavItem(
        label=_("Requests to handle"),
        url_name="perks:request-inbox",
        order=35,
        is_for=rules.is_officer,
        waiting=queries.inbox_of,
    )
)
register(NavItem(label=_("Redeem"), url_name="perks:redemption-create", order=41, is_for=rules.is_partner))
