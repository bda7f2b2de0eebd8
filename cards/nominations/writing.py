"""What the decisions about a nomination say, in the language that is active."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cards.nominations import queries, rules
from cards.nominations.choices import FINAL_PAPERS, NominationStatus, Paper
from cards.nominations.models import Nomination
from talentcard.accounts.models import Organisation
from talentcard.casework.decision_texts import DecisionText


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why a case is decided as it is: the officer's words, and everything to correct, as objects `field` and `note`."""

    reason: str = ""
    missing: Sequence[dict[str, str]] = ()


def write(
    nomination: Nomination,
    paper: Paper,
    grounds: Grounds,
    *,
    office: Organisation | None,
    from_status: str,
    at: dt.datetime,
) -> DecisionText:
    """Return a decision about a locked nomination that has just been made.

    :param office: the office that decided; without one, the service itself stands there
    :param from_status: where the nomination was before
    """
    addressees = [nomination.nominator.name]
    if paper in FINAL_PAPERS:
        addressees.append(nomination.talent.name)
    return DecisionText(
        title=str(capfirst(paper.label)),
        office=office.name if office else _("Haihe Talent Card service"),
        addressees=tuple(addressees),
        outcome=_OUTCOMES[paper](nomination),
        facts=tuple(_facts(nomination)),
        reasons=tuple(_reasons(nomination, grounds, from_status)),
        ground=queries.legal_ground(nomination),
        remedies=tuple(_remedies(nomination, paper)),
        note=_("Sample data: the policy this decision rests on is an example.") if nomination.policy.is_sample else "",
    )


def _facts(nomination: Nomination) -> list[tuple[str, str]]:
    facts = [
        (_("Nomination"), nomination.number),
        (_("Nominee"), nomination.talent.name),
        (_("Employer"), nomination.employer_display),
        (_("Nominator"), nomination.nominator.name),
        (_("Basis"), nomination.basis.name),
        (_("Tier"), str(nomination.tier)),
    ]
    if nomination.submitted_at:
        facts.append((_("Submitted"), _day(nomination.submitted_at)))
    if (appeal := rules.appeal_of(nomination)) is not None:
        facts.append((_("Appeal lodged"), _day(appeal.lodged_at)))
    return [(label, value) for label, value in facts if value]


def _reasons(nomination: Nomination, grounds: Grounds, from_status: str) -> list[str]:
    reasons = [line for line in grounds.reason.splitlines() if line.strip()]
    lines = queries.topic_lines(nomination, grounds.missing)
    reasons += [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if from_status == NominationStatus.PUBLIC_NOTICE and nomination.status == NominationStatus.APPROVED:
        notice = nomination.notice
        reasons.append(
            _("It was under public notice from %(opened)s to %(closed)s, and no objection was upheld.")
            % {"opened": _day(notice.opened_at), "closed": _day(notice.closes_at)}
        )
    return reasons


def _returned(nomination: Nomination) -> str:
    return _("Nomination %(number)s is returned for correction. Everything to correct is listed above, at once.") % {
        "number": nomination.number
    }


def _put_under_notice(nomination: Nomination) -> str:
    notice = nomination.notice
    return _(
        "Both reviews were passed. Nomination %(number)s is put under public notice until %(date)s, with %(release)s."
    ) % {"number": nomination.number, "date": _day(notice.closes_at), "release": notice.release.number}


def _approved(nomination: Nomination) -> str:
    return _("Nomination %(number)s is approved: %(name)s is given the Haihe Talent card of tier %(tier)s.") % {
        "number": nomination.number,
        "name": nomination.talent.name,
        "tier": str(nomination.tier),
    }


def _rejected(nomination: Nomination) -> str:
    return _("Nomination %(number)s is rejected: %(name)s is not given the Haihe Talent card.") % {
        "number": nomination.number,
        "name": nomination.talent.name,
    }


def _appeal_decided(nomination: Nomination) -> str:
    if nomination.status == NominationStatus.REJECTED:
        words = _("The appeal is dismissed. The refusal of nomination %(number)s stands and cannot be appealed again.")
    else:
        words = _(
            "The appeal is upheld and the refusal of nomination %(number)s annulled. The case goes back to the "
            "%(step)s, made by people who had no part in the refusal."
        )
    return words % {"number": nomination.number, "step": NominationStatus(nomination.status).label}


_OUTCOMES: dict[Paper, Callable[[Nomination], str]] = {
    Paper.RETURN: _returned,
    Paper.NOTICE: _put_under_notice,
    Paper.APPROVAL: _approved,
    Paper.REJECTION: _rejected,
    Paper.APPEAL: _appeal_decided,
}


def _remedies(nomination: Nomination, paper: Paper) -> list[str]:
    if paper == Paper.RETURN:
        words = _("Correct all of it on the nomination's page and submit it again. The review's clock stands still.")
        until = nomination.correct_by
        return [words, _("Correct it by %(day)s.") % {"day": _day(until)}] if until is not None else [words]
    if paper == Paper.NOTICE:
        return [_("Anybody may object until the notice ends. You are told of the decision that follows it.")]
    last_day = rules.last_appeal_day(nomination) if paper == Paper.REJECTION else None
    appeal = (
        _("You may appeal once, until %(day)s, on the nomination's page; people who have not handled the case decide.")
        % {"day": date_format(last_day, "DATE_FORMAT")}
        if last_day is not None
        else ""
    )
    return [*([appeal] if appeal else []), *queries.remedies_of(nomination.policy)]


def _day(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
