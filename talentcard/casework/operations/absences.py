"""Who is away, and who stands in."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentcard.accounts.models import User
from talentcard.audit.operations import record
from talentcard.casework import rules
from talentcard.casework.models import Absence
from talentcard.core.errors import FieldError, InvalidInput, NotAllowed
from talentcard.core.transactions import atomic_operation


@atomic_operation
def declare_absence(
    *, actor: User, user: User, first_day: dt.date, last_day: dt.date, deputy: User | None, at: dt.datetime
) -> Absence:
    """Note that a person is away, one's own days or those of somebody of the office one heads.

    Nothing changes hands: what the person has may be taken on by the deputy or, without one, by any officer in scope.

    :raises NotAllowed: if it is neither the actor nor one of the actor's office
    :raises InvalidInput: naming `first_day`, `last_day` or `deputy`, if they cannot be
    """
    # Lock the person: two forms may enter the same days at once.
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if actor.pk != user.pk and not rules.is_head_of(actor, user):
        raise NotAllowed
    if errors := _faults(user, first_day, last_day, deputy, today=timezone.localdate(at)):
        raise InvalidInput(errors)
    absence = Absence.objects.create(user=user, first_day=first_day, last_day=last_day, deputy=deputy)
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    data = {**days, "user": str(user.pk), "deputy": str(deputy.pk) if deputy else None}
    record(actor=actor, action="absence.declared", target=absence, data=data)
    return absence


@atomic_operation
def cancel_absence(*, actor: User, absence: Absence, at: dt.datetime) -> None:
    """Take an absence back; of one that has begun, the days that are left.

    :raises NotAllowed: if it is neither the actor's nor of the actor's office
    """
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    if actor.pk != absence.user_id and not rules.is_head_of(actor, absence.user):
        raise NotAllowed
    yesterday = timezone.localdate(at) - dt.timedelta(days=1)
    record(actor=actor, action="absence.cancelled", target=absence, data={"user": str(absence.user_id)})
    if absence.first_day > yesterday:
        absence.delete()
    elif absence.last_day > yesterday:
        absence.last_day = yesterday
        absence.save(update_fields=["last_day", "updated_at"])


def _faults(
    user: User, first_day: dt.date, last_day: dt.date, deputy: User | None, *, today: dt.date
) -> list[FieldError]:
    errors = []
    if last_day < first_day:
        errors.append(FieldError(field="last_day", code="order", message=_("The last day is before the first.")))
    if last_day < today:
        errors.append(FieldError(field="last_day", code="past", message=_("These days are over.")))
    if deputy is not None and (deputy.pk == user.pk or not rules.are_colleagues(deputy, user)):
        errors.append(FieldError(field="deputy", code="unfit", message=_("Choose somebody else as deputy.")))
    if user.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        errors.append(
            FieldError(field="first_day", code="overlap", message=_("Some of these days are entered already."))
        )
    return errors
