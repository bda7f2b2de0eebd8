from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    """The life of a perk request; a rating follows the decision and is a row of its own."""

    SUBMITTED = "submitted", _("submitted")
    ACCEPTED = "accepted", _("accepted")
    IN_PROGRESS = "in_progress", _("in progress")
    GRANTED = "granted", _("granted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CLOSED = "closed", _("closed")


OPEN = (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED, RequestStatus.IN_PROGRESS)
# What casework calls the ratings of requests.
RATING_KIND = "perks.request"
DECIDED = (RequestStatus.GRANTED, RequestStatus.DECLINED)

TRANSITIONS: dict[str, frozenset[str]] = {
    RequestStatus.SUBMITTED: frozenset(
        {RequestStatus.ACCEPTED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN, RequestStatus.CLOSED}
    ),
    RequestStatus.ACCEPTED: frozenset(
        {RequestStatus.IN_PROGRESS, RequestStatus.DECLINED, RequestStatus.WITHDRAWN, RequestStatus.CLOSED}
    ),
    RequestStatus.IN_PROGRESS: frozenset(
        {RequestStatus.GRANTED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN, RequestStatus.CLOSED}
    ),
}


class EntryKind(models.TextChoices):
    """What a line of the ledger does to the quota."""

    USE = "use", _("use")
    REVERSAL = "reversal", _("reversal")


class RedemptionStatus(models.TextChoices):
    """What came of a scan."""

    READY = "ready", _("can be redeemed")
    REDEEMED = "redeemed", _("redeemed")
    REFUSED = "refused", _("refused")


class RefusalReason(models.TextChoices):
    """Why nothing was redeemed."""

    CARD_NOT_VALID = "card_not_valid", _("card not valid")
    NOT_OPEN = "not_open", _("not open to the holder")
    QUOTA_USED = "quota_used", _("quota used")
