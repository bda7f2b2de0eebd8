"""The decisions about nominations that are put in writing."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst

from cards.nominations import queries, rules
from cards.nominations.choices import DirectPaper, Paper
from talentcard.casework.decision_kinds import DecisionKind, register

PREFIXES = {Paper.RETURN: "BZ", Paper.NOTICE: "GS", Paper.APPROVAL: "RD", Paper.REJECTION: "BY", Paper.APPEAL: "SS"}
DIRECT_PREFIXES = {DirectPaper.ISSUED: "ZR", DirectPaper.REFUSED: "ZB"}


def _url(subject_id: UUID) -> str:
    return reverse("nominations:nomination-detail", args=[subject_id])


def _may_read(user: Any, subject_id: UUID) -> bool:
    """Tell whether a user reads all decisions about a case; its nominee reads those addressed to them alone."""
    case = queries.visible_to(user).for_one().filter(pk=subject_id).first()
    return case is not None and rules.may_read_all_decisions(user, case)


def _direct_url(subject_id: UUID) -> str:
    return reverse("nominations:direct-detail", args=[subject_id])


def _may_read_direct(user: Any, subject_id: UUID) -> bool:
    """Tell whether a user reads all decisions about a direct issue; its person reads the one addressed to them."""
    return queries.direct_issues_visible_to(user).filter(pk=subject_id).exists()


for each in DirectPaper:
    register(
        DecisionKind(
            slug=each,
            prefix=DIRECT_PREFIXES[each],
            title=capfirst(each.label),
            url=_direct_url,
            may_read=_may_read_direct,
        )
    )
for paper in Paper:
    register(
        DecisionKind(slug=paper, prefix=PREFIXES[paper], title=capfirst(paper.label), url=_url, may_read=_may_read)
    )
