"""What the components show of what a nominator corrected."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cards.nominations import queries, rules
from cards.nominations.models import Evidence, Nomination
from cards.nominations.views import presenting
from talentcard.accounts.models import User

Item = dict[str, Any]


def section(user: User, nomination: Nomination) -> Item | None:
    """Return what the last submission changed and replied; None where the user may not know, or there was but one."""
    changes = queries.changes_of(user, nomination)
    if changes is None:
        return None
    reads_removed = rules.reads_as_officer(user, nomination)
    return {
        "fields": changes.fields,
        "documents": [
            *(_document(each, _("Added"), "good") for each in changes.added),
            *(_document(each, _("Removed"), "neutral", may_read=reads_removed) for each in changes.removed),
        ],
        "replies": [{"asked": _asked(each), "text": each.reply} for each in changes.replies],
    }


def _document(evidence: Evidence, label: str, tone: str, *, may_read: bool = True) -> Item:
    item = presenting.evidence_item(evidence, may_remove=False)
    return {**item, "url": item["url"] if may_read else "", "status_label": label, "status_tone": tone}


def _asked(reply: queries.Reply) -> str:
    return f"{reply.about}{pgettext('between a label and its value', ': ')}{reply.note}" if reply.about else reply.note
