from django.utils.translation import gettext_lazy as _

from cards.issuance import rules
from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("My card"), url_name="issuance:my-card", order=10, is_for=rules.is_registered))
register(NavItem(label=_("Cards"), url_name="issuance:card-list", order=36, is_for=rules.may_list_cards))
