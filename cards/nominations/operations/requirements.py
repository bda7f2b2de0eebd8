"""What the policy a case is filed under asks of it before it is handed in."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import RecognisedEntry
from cards.issuance.queries import entry_of
from cards.issuance.validity import add_months
from cards.nominations import queries
from cards.nominations.choices import EvidenceKind, NominationStatus
from cards.nominations.models import Nomination
from cards.talents.models import Talent
from talentcard.core.errors import DomainError, FieldError


class RenominationExcluded(DomainError):
    """The person was refused on this basis, whose policy allows no other nomination."""

    code = "renomination_excluded"
    message = _("This person was refused on this basis, and cannot be nominated on it again.")


class RenominationTooEarly(DomainError):
    """The person was refused on this basis not long ago."""

    code = "renomination_too_early"
    message = _("This person was refused on this basis, and can be nominated on it again from %(date)s.")


def shortcomings(nomination: Nomination, *, at: dt.datetime) -> Iterator[FieldError]:
    """Yield everything in which a case does not meet its policy."""
    attached = set(nomination.evidence.values_list("kind", flat=True))
    yield from _missing_documents(nomination, attached)
    basis = nomination.basis
    policy = queries.policy_in_force(at=at)
    # After a return the case keeps the version it was first filed under.
    if nomination.submitted_at is None and (policy is None or basis.policy_id != policy.pk):
        yield FieldError(
            field="basis", code="policy_not_in_force", message=_("This basis is not part of the policy in force.")
        )
    if basis.route not in queries.NOMINATION_ROUTES:
        yield FieldError(
            field="basis", code="basis_without_nomination", message=_("Nobody is nominated on this basis.")
        )
    if not basis.tiers.filter(pk=nomination.tier_id).exists():
        yield FieldError(field="tier", code="tier_not_of_basis", message=_("This basis does not lead to this tier."))
    yield from _not_recognised(nomination, attached, on=timezone.localdate(at))


def ensure_may_be_nominated_again(nomination: Nomination, records: Sequence[Talent], *, at: dt.datetime) -> None:
    """Check what a refusal on the same basis means for a new nomination; the refused case's own policy says it.

    :param records: all that are known to be of the nominee
    :raises RenominationExcluded: if nobody is nominated again after a refusal on it
    :raises RenominationTooEarly: if the time after the refusal is not over, naming when it is
    """
    if nomination.submitted_at is not None:
        return
    refused = Nomination.objects.filter(
        talent__in=records, status=NominationStatus.REJECTED, basis__code=nomination.basis.code
    )
    opens_on = dt.date.min
    for case in refused.select_related("basis"):
        if not case.basis.may_renominate:
            raise RenominationExcluded(field="basis")
        if case.decided_at is not None and case.basis.renomination_months:
            decided_on = timezone.localdate(case.decided_at)
            opens_on = max(opens_on, add_months(decided_on, case.basis.renomination_months))
    if timezone.localdate(at) < opens_on:
        raise RenominationTooEarly(field="basis", date=opens_on.isoformat())


def _missing_documents(nomination: Nomination, attached: set[str]) -> Iterator[FieldError]:
    required = queries.required_kinds(nomination.basis)
    if not required and not attached:
        yield FieldError(field="evidence", code="required", message=_("Attach at least one document as evidence."))
    for kind in required:
        if kind not in attached:
            message = _("A document is missing that this basis requires: %(kind)s.") % {"kind": kind.label}
            yield FieldError(field="evidence", code="document_missing", message=message)


def _not_recognised(nomination: Nomination, attached: set[str], *, on: dt.date) -> Iterator[FieldError]:
    """A list names people, who must be on it, or titles, of which the nominee must prove one."""
    list_id = nomination.basis.recognised_list_id
    if list_id is None or entry_of(nomination.talent, recognised_list_id=list_id, on=on) is not None:
        return
    titles = RecognisedEntry.objects.in_force(on).of_titles().filter(recognised_list=list_id)
    if not titles.exists():
        yield FieldError(
            field="basis",
            code="not_recognised",
            message=_("The nominee's identity document is not on the recognised list of this basis."),
        )
    elif EvidenceKind.QUALIFICATION not in {*attached, *queries.required_kinds(nomination.basis)}:
        yield FieldError(
            field="evidence",
            code="title_not_proved",
            message=_("Attach the certificate of a title or qualification on the recognised list of this basis."),
        )
