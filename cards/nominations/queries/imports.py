"""Spreadsheets of nominations: whose they are, and how far."""

from django.db.models import Count, QuerySet

from cards.nominations import rules
from cards.nominations.choices import RowStatus
from cards.nominations.models import ImportBatch
from talentcard.accounts.rules import Actor


def imports_of(user: Actor) -> QuerySet[ImportBatch]:
    """Return the spreadsheets of the organisation a user nominates for, the latest first."""
    organisation = rules.nominating_organisation(user)
    batches = ImportBatch.objects.select_related("uploaded_by")
    return batches.filter(nominator=organisation) if organisation else batches.none()


def row_counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many rows of a spreadsheet are in each status: one query."""
    found = dict(batch.rows.order_by().values_list("status").annotate(count=Count("pk")))
    return {status: found.get(status, 0) for status in RowStatus.values}
