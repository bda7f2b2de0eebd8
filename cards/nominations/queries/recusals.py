"""Declared ties of officers to people."""

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from cards.nominations.models import DirectIssue, Nomination, Recusal, RecusalQuerySet
from talentcard.accounts.models import User
from talentcard.accounts.rules import is_auditor, is_head
from talentcard.core.errors import InvalidInput


def recusals_seen_by(user: User) -> RecusalQuerySet:
    """Return the recusals a user reads, the latest first: their own, as head those of the office, as auditor all.

    `decisions_before` counts what the officer had decided about the person by then: it stands, and the head knows.
    """
    recusals = Recusal.objects.select_related("officer__organisation", "declared_by", "withdrawn_by")
    before = Q(
        officer__nomination_reviews__nomination__talent=F("talent"),
        officer__nomination_reviews__decided_at__lt=F("declared_at"),
    )
    recusals = recusals.annotate(decisions_before=Count("officer__nomination_reviews", filter=before, distinct=True))
    # Counting forgets the order.
    recusals = recusals.order_by("-declared_at", "id")
    if is_auditor(user):
        return recusals
    own = Q(officer=user.pk)
    return recusals.filter(own | Q(officer__organisation=user.organisation_id) if is_head(user) else own)


def case_numbered(number: str) -> Nomination | DirectIssue:
    """Return the nomination or the direct issue of a number.

    :raises InvalidInput: naming `number`, if there is none
    """
    case = Nomination.objects.filter(number=number).first() or DirectIssue.objects.filter(number=number).first()
    if case is None:
        raise InvalidInput.of("number", "unknown_number", _("There is no such case."))
    return case
