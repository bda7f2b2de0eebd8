"""Put the decisions about a nomination in writing."""

from cards.nominations import writing
from cards.nominations.choices import FINAL_PAPERS, PAPER_OF_STATUS, NominationStatus, Outcome, Paper, Step
from cards.nominations.models import Nomination, Transition
from cards.nominations.writing import Grounds
from talentcard.accounts.models import Organisation, User
from talentcard.casework.operations import issue_decision


def put_in_writing(nomination: Nomination, step: Transition, grounds: Grounds) -> None:
    """Issue the document of a step that a locked nomination has just taken, if that is a decision."""
    if (paper := paper_of(step)) is None:
        return
    office = _office(nomination, step.actor)

    issue_decision(
        actor=step.actor,
        kind=paper,
        subject_id=nomination.pk,
        subject_number=nomination.number,
        fact_id=step.pk,
        addressees=_addressees(nomination, paper),
        write=lambda: writing.write(
            nomination, paper, grounds, office=office, from_status=step.from_status, at=step.at
        ),
        at=step.at,
    )


def paper_of(step: Transition) -> Paper | None:
    """Return which decision a step puts in writing; out of an appeal every step decides it."""
    if step.from_status == NominationStatus.APPEALED:
        return Paper.APPEAL
    return PAPER_OF_STATUS.get(NominationStatus(step.to_status))


def _addressees(nomination: Nomination, paper: Paper) -> list[User | Organisation]:
    nominee = nomination.talent.user if paper in FINAL_PAPERS else None
    return [nomination.nominator, nominee] if nominee is not None else [nomination.nominator]


def _office(nomination: Nomination, actor: User | None) -> Organisation | None:
    """Return the office of who decided; where time alone did, that of the review it followed from."""
    if actor is not None:
        return actor.organisation
    review = nomination.reviews.filter(step=Step.SECOND, outcome=Outcome.PASS).select_related("reviewer__organisation")
    last = review.order_by("-decided_at").first()
    return last.reviewer.organisation if last is not None else None
