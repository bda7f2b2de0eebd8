"""Spreadsheets whose rows become submitted nominations."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from cards.nominations import rules
from cards.nominations.choices import LIVE, NominationStatus, Source
from cards.nominations.models import Evidence, ImportBatch, Nomination
from cards.nominations.operations.drafts import create_draft
from cards.nominations.operations.experts import name_expert
from cards.nominations.operations.recognition import experts_by_email, recognition_faults
from cards.nominations.operations.rows import Catalogue, GoodRow, Judgement, judge, registry_faults
from cards.nominations.operations.sheet_kinds import SheetKind, applied_by
from cards.nominations.operations.submission import submit_locked
from cards.nominations.sheets import NOMINATION_COLUMNS, SheetRow
from talentcard.accounts.models import User
from talentcard.casework.queries import told_of
from talentcard.core.errors import FieldError, NotAllowed
from talentcard.documents.models import Document
from talentcard.notifications.operations import notify


class NominationSheets(SheetKind[GoodRow]):
    """Each row nominates a person for the organisation that handed the sheet in."""

    columns = NOMINATION_COLUMNS
    case = "nomination"
    # Rejected or withdrawn, the same row may be sent again.
    standing = (*LIVE, NominationStatus.DRAFT, NominationStatus.APPROVED)

    def may_hand_in(self, user: User) -> bool:
        """Tell whether a user nominates for an organisation."""
        return rules.may_nominate(user)

    def may_apply(self, user: User, batch: ImportBatch) -> bool:
        """Tell whether a user nominates for the sheet's organisation."""
        return rules.nominating_organisation(user) == batch.nominator_id

    def catalogue(self, at: dt.datetime) -> Catalogue:
        """Return the policy in force and the districts."""
        return Catalogue.load(at)

    def judge(self, row: SheetRow, *, catalogue: Catalogue, at: dt.datetime) -> Judgement[GoodRow]:
        """Check what a row says by itself."""
        return judge(row, catalogue=catalogue, at=at)

    def fingerprint(self, batch: ImportBatch, row: GoodRow) -> str:
        """Return what is equal for rows of one nominator that say the same."""
        return row.fingerprint(_nominator(batch))

    def faults(self, batch: ImportBatch, rows: Sequence[GoodRow], at: dt.datetime) -> dict[int, list[FieldError]]:
        """Return who has a case or a card, and what is not recognised."""
        registry = registry_faults(rows, nominator_id=_nominator(batch))
        recognition = recognition_faults(rows, at=at)
        return {
            row.number: [*([registry[row.number]] if row.number in registry else []), *recognition.get(row.number, ())]
            for row in rows
        }

    def make(self, batch: ImportBatch, row: GoodRow, documents: Mapping[str, Document], at: dt.datetime) -> Nomination:
        """Nominate a row's person, and submit the nomination."""
        actor = applied_by(batch)
        if actor.organisation_id != batch.nominator_id:
            # They work for somebody else since they started it.
            raise NotAllowed
        nomination = create_draft(
            actor=actor,
            nominee=row.nominee,
            basis=row.basis,
            tier=row.tier,
            district=row.district,
            statement=row.reasons,
            source=Source.IMPORT,
            at=at,
        )
        nomination.import_batch = batch
        nomination.save(update_fields=["import_batch"])
        for name, kind in row.evidence.items():
            Evidence.objects.create(nomination=nomination, document=documents[name], kind=kind)
        for expert in experts_by_email(row.experts).values():
            name_expert(actor=actor, nomination=nomination, expert=expert, at=at)
        submit_locked(actor=actor, nomination=nomination, at=at)
        return nomination

    def tell(self, batch: ImportBatch, count: int, at: dt.datetime) -> None:
        """Tell the nominator and the officers of the whole batch, each once, not of every row."""
        params = {"count": str(count)}
        notify(
            event="nomination.batch_submitted",
            recipient=applied_by(batch),
            key=str(batch.pk),
            params=params,
            url=batch.get_absolute_url(),
        )
        inbox = reverse("nominations:nomination-inbox")
        officers = {
            officer
            for nomination in _one_of_each_scope(batch)
            if nomination.item is not None
            for officer in told_of(nomination.item, at=at)
        }
        for officer in sorted(officers, key=lambda user: user.username):
            notify(event="nomination.batch_waits", recipient=officer, key=str(batch.pk), params=params, url=inbox)


def _one_of_each_scope(batch: ImportBatch) -> Iterator[Nomination]:
    seen = set()
    for nomination in batch.nominations.select_related("tier", "item").iterator(chunk_size=200):
        scope = (nomination.district, nomination.tier.code)
        if scope not in seen:
            seen.add(scope)
            yield nomination


def _nominator(batch: ImportBatch) -> UUID:
    assert batch.nominator_id is not None  # noqa: S101  # by the table's own rule
    return batch.nominator_id
