"""What the decision about a direct issue says, in the language that is active."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.nominations import queries
from cards.nominations.choices import DirectPaper
from cards.nominations.models import DirectIssue
from talentcard.accounts.models import Organisation
from talentcard.casework.decision_texts import DecisionText


def write(case: DirectIssue, paper: DirectPaper, *, reason: str, office: Organisation | None) -> DecisionText:
    """Return the decision about a locked direct issue that has just been made.

    :param reason: the second officer's words; empty where the card is given
    :param office: the office that decided; without one, the service itself stands there
    """
    is_issued = paper == DirectPaper.ISSUED
    entry = case.entry
    facts = [
        (_("Case"), case.number),
        (_("Person"), case.talent.name),
        (_("Basis"), case.basis.name),
        (_("Tier"), str(case.tier)),
        (_("Recognised list"), " · ".join(part for part in (entry.recognised_list.name, entry.title) if part)),
        (_("Green Card"), case.legacy_card),
    ]
    return DecisionText(
        title=str(capfirst(paper.label)),
        office=office.name if office else _("Haihe Talent Card service"),
        addressees=(case.talent.name,) if is_issued else (str(case.proposed_by),),
        outcome=_issued(case) if is_issued else _refused(case),
        facts=tuple((label, value) for label, value in facts if value),
        reasons=tuple(line for line in reason.splitlines() if line.strip()),
        ground=queries.ground_of(case.policy),
        remedies=tuple(queries.remedies_of(case.policy)) if is_issued else (),
        note=_("Sample data: the policy this decision rests on is an example.") if case.policy.is_sample else "",
    )


def _issued(case: DirectIssue) -> str:
    words = _("%(name)s is given the Haihe Talent card of tier %(tier)s by two officers, without a nomination.")
    return words % {"name": case.talent.name, "tier": str(case.tier)}


def _refused(case: DirectIssue) -> str:
    return _("The proposal %(number)s is refused: no card is given on it. The person may be nominated.") % {
        "number": case.number
    }
