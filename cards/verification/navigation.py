from django.utils.translation import gettext_lazy as _

from cards.verification.rules import is_holder, is_partner
from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("Check a card"), url_name="verification:desk-check", order=40, is_for=is_partner))
register(NavItem(label=_("Checks"), url_name="verification:check-list", order=25, is_for=is_holder))
