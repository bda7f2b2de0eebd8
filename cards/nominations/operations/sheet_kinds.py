"""What a spreadsheet's rows are checked for, and what they become, by the kind of sheet."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic
from uuid import UUID

from cards.nominations.choices import RowStatus
from cards.nominations.models import DirectIssue, ImportBatch, ImportRow, Nomination
from cards.nominations.operations.rows import Judgement, Row
from cards.nominations.sheets import Columns, SheetRow
from talentcard.accounts.models import User
from talentcard.core.errors import FieldError
from talentcard.documents.models import Document


class SheetKind(ABC, Generic[Row]):
    """One kind of sheet: reading, keeping on and files are the same for all."""

    columns: ClassVar[Columns]
    # The field of an imported row that refers to what it became, and the statuses in which that stands.
    case: ClassVar[str]
    standing: ClassVar[Collection[str]]

    @abstractmethod
    def may_hand_in(self, user: User) -> bool:
        """Tell whether a user hands in sheets of this kind."""

    @abstractmethod
    def may_apply(self, user: User, batch: ImportBatch) -> bool:
        """Tell whether a user has a sheet's good rows applied."""

    @abstractmethod
    def catalogue(self, at: dt.datetime) -> Any:
        """Return what cells may name: a fixed number of queries."""

    @abstractmethod
    def judge(self, row: SheetRow, *, catalogue: Any, at: dt.datetime) -> Judgement[Row]:
        """Check what a row says by itself: no query."""

    @abstractmethod
    def fingerprint(self, batch: ImportBatch, row: Row) -> str:
        """Return what is equal for rows that say the same, and tells nothing without the key."""

    @abstractmethod
    def faults(self, batch: ImportBatch, rows: Sequence[Row], at: dt.datetime) -> Mapping[int, Sequence[FieldError]]:
        """Return what the registry has against rows, by their numbers: a fixed number of queries."""

    def twins(self, batch: ImportBatch, fingerprints: Iterable[str]) -> dict[str, UUID]:
        """Return the cases that stand and came from rows that say the same, by fingerprint."""
        rows = ImportRow.objects.filter(
            fingerprint__in=[each for each in fingerprints if each],
            status=RowStatus.APPLIED,
            batch__nominator=batch.nominator_id,
            **{f"{self.case}__status__in": self.standing},
        )
        found: dict[str, UUID] = dict(rows.order_by("created_at").values_list("fingerprint", self.case))
        return found

    @abstractmethod
    def make(
        self, batch: ImportBatch, row: Row, documents: Mapping[str, Document], at: dt.datetime
    ) -> Nomination | DirectIssue:
        """Make a row into what it becomes; refused with a `DomainError`."""

    @abstractmethod
    def tell(self, batch: ImportBatch, count: int, at: dt.datetime) -> None:
        """Tell whom the whole sheet concerns, once, how many rows were applied."""


def applied_by(batch: ImportBatch) -> User:
    """Return who has a sheet's good rows applied; call it once that was started."""
    assert batch.applied_by is not None  # noqa: S101  # set when it was started
    return batch.applied_by
