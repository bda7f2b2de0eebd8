from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.nominations import direct_rules, queries, rules
from talentcard.accounts.rules import is_auditor, is_head, may_delegate
from talentcard.core.navigation import NavItem, register


def _keeps_cases(user: Any) -> bool:
    return rules.may_nominate(user) or rules.is_window_clerk(user) or is_auditor(user)


def _is_registered(user: Any) -> bool:
    # The person's own record: one query, kept on the user object for whoever asks next.
    return bool(user.is_authenticated) and hasattr(user, "talent")


register(NavItem(label=_("My nomination"), url_name="nominations:nomination-mine", order=25, is_for=_is_registered))
register(NavItem(label=_("Nominations"), url_name="nominations:nomination-list", order=30, is_for=_keeps_cases))
register(
    NavItem(
        label=_("To review"),
        url_name="nominations:nomination-inbox",
        order=32,
        is_for=rules.is_reviewer,
        waiting=lambda user: queries.inbox(user, at=timezone.now()),
    )
)
register(
    NavItem(
        label=_("Direct issue"),
        url_name="nominations:direct-list",
        order=34,
        is_for=direct_rules.may_read_any,
        waiting=lambda user: queries.direct_inbox(user, at=timezone.now()),
    )
)
register(NavItem(label=_("Delegations"), url_name="nominations:delegation-list", order=36, is_for=may_delegate))
register(NavItem(label=_("Recusals"), url_name="nominations:recusal-list", order=37, is_for=is_head))
