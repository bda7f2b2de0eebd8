from django.utils.translation import gettext_lazy as _

from talentcard.core.navigation import NavItem, register

register(NavItem(label=_("Administration"), url_name="admin:index", order=90, is_for=lambda user: bool(user.is_staff)))
