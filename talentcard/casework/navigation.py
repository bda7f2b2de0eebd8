from django.utils.translation import gettext_lazy as _

from talentcard.accounts.rules import is_head
from talentcard.casework.rules import may_read_satisfaction
from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("My office"), url_name="casework:office", order=34, is_for=is_head))
register(NavItem(label=_("Satisfaction"), url_name="casework:satisfaction", order=35, is_for=may_read_satisfaction))
