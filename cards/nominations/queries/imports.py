"""Spreadsheets: whose they are, and how far."""

from django.db.models import Count, Q, QuerySet

from cards.nominations import direct_rules, rules
from cards.nominations.choices import ImportKind, RowStatus
from cards.nominations.models import ImportBatch
from talentcard.accounts.rules import Actor


def imports_of(user: Actor) -> QuerySet[ImportBatch]:
    """Return the spreadsheets a user may see, the latest first.

    Of nominations, those of the organisation they nominate for; of Green Cards, an issuer's own and their office's.
    """
    batches = ImportBatch.objects.select_related("uploaded_by")
    mine = Q(pk__in=[])
    if organisation := rules.nominating_organisation(user):
        mine |= Q(kind=ImportKind.NOMINATIONS, nominator=organisation)
    if user is not None and direct_rules.is_issuer(user):
        office = getattr(user, "organisation_id", None)
        theirs = Q(uploaded_by=user.pk) | (Q(uploaded_by__organisation=office) if office else Q(pk__in=[]))
        mine |= Q(kind=ImportKind.GREEN_CARDS) & theirs
    return batches.filter(mine)


def row_counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows of a spreadsheet are in each status: one query."""
    found = dict(batch.rows.order_by().values_list("status").annotate(count=Count("pk")))
    return {status: found.get(status, 0) for status in RowStatus.values}
