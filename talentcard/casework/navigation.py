from django.utils.translation import gettext_lazy as _

from talentcard.casework import rules
from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("My office"), url_name="casework:office", order=34, is_for=rules.is_head))
