"""What the bureau recognises of a spreadsheet's rows: the experts they name, and their people on recognised lists."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.issuance.models import RecognisedEntry
from cards.nominations.choices import EvidenceKind
from cards.nominations.models import RecognisedExpert, email_index
from cards.nominations.operations.rows import GoodRow
from cards.talents.models import IdentityDocument
from talentcard.core.errors import FieldError


def experts_by_email(emails: Iterable[str]) -> dict[str, RecognisedExpert]:
    """Return the registered experts of e-mail addresses, whether or not they are recognised now: one query."""
    wanted = {email_index(email): email for email in emails}
    found = RecognisedExpert.objects.filter(email_index__in=wanted).select_related("organisation", "talent")
    return {wanted[expert.email_index]: expert for expert in found} if wanted else {}


def recognition_faults(rows: Sequence[GoodRow], *, at: dt.datetime) -> dict[int, list[FieldError]]:
    """Return what is not recognised, by rows' numbers: four queries, however many rows there are."""
    on = timezone.localdate(at)
    experts = experts_by_email(email for row in rows for email in row.experts)
    recognised = {email for email, expert in experts.items() if expert.is_recognised(at)}
    lists = {row.basis.recognised_list_id for row in rows} - {None}
    entries = RecognisedEntry.objects.in_force(on).filter(recognised_list__in=lists)
    titled = set(entries.of_titles().values_list("recognised_list", flat=True))
    indexes = [row.index for row in rows if row.basis.recognised_list_id is not None]
    people = entries.of_people().filter(identity_index__in=indexes)
    listed = set(people.values_list("recognised_list", "identity_index"))
    # Those may be on the list by another of their documents: that is found out when the row is applied.
    known = set(IdentityDocument.objects.filter(number_index__in=indexes).values_list("number_index", flat=True))
    faults: dict[int, list[FieldError]] = {}
    for row in rows:
        errors = [] if recognised.issuperset(row.experts) else [_unknown_expert()]
        recognised_list = row.basis.recognised_list_id
        if recognised_list and row.index not in known and (recognised_list, row.index) not in listed:
            errors += _not_listed(row, has_titles=recognised_list in titled)
        faults[row.number] = errors
    return faults


def _not_listed(row: GoodRow, *, has_titles: bool) -> list[FieldError]:
    if not has_titles:
        message = _("The nominee's identity document is not on the recognised list of this basis.")
        return [FieldError(field="basis", code="not_recognised", message=message)]
    if EvidenceKind.QUALIFICATION in row.evidence.values():
        return []
    message = _("Attach the certificate of a title or qualification on the recognised list of this basis.")
    return [FieldError(field="qualification_file", code="title_not_proved", message=message)]


def _unknown_expert() -> FieldError:
    message = _("The bureau recognises no expert with this e-mail now.")
    return FieldError(field="expert_emails", code="expert_unknown", message=message)
