"""Give every case that waits for an officer its work item."""

from typing import Any

from django.db import migrations

DESKS = {"submitted": "nominations.preliminary", "second_review": "nominations.second"}
OBJECTIONS = "nominations.objections"


def put_on_desks(apps: Any, schema_editor: Any) -> None:
    Nomination = apps.get_model("nominations", "Nomination")
    for case in Nomination.objects.filter(status__in=DESKS).select_related("tier").iterator(chunk_size=500):
        since = case.transitions.filter(to_status=case.status).order_by("-at").values_list("at", flat=True).first()
        _arrive(apps, case, DESKS[case.status], opened_at=since or case.submitted_at, due_at=case.due_at)
    paused = Nomination.objects.filter(notice__paused_at__isnull=False, notice__ended_at=None)
    for case in paused.select_related("tier", "notice").iterator(chunk_size=500):
        notice = case.notice
        # Calendar days: never fewer than the working days among them.
        notice.days_left = max(0, (notice.closes_at - notice.paused_at).days)
        notice.save(update_fields=["days_left"])
        _arrive(apps, case, OBJECTIONS, opened_at=notice.paused_at, due_at=None)


def _arrive(apps: Any, case: Any, desk: str, *, opened_at: Any, due_at: Any) -> None:
    WorkItem = apps.get_model("casework", "WorkItem")
    case.item = WorkItem.objects.create(
        desk=desk,
        subject_id=case.pk,
        number=case.number,
        district=case.district,
        tier=case.tier.code,
        opened_at=opened_at,
        due_at=due_at,
    )
    case.save(update_fields=["item"])


def take_off_desks(apps: Any, schema_editor: Any) -> None:
    Nomination = apps.get_model("nominations", "Nomination")
    for case in Nomination.objects.exclude(item=None).select_related("item").iterator(chunk_size=500):
        item, case.item, case.due_at = case.item, None, case.item.due_at
        case.save(update_fields=["item", "due_at"])
        item.delete()


class Migration(migrations.Migration):
    dependencies = [("nominations", "0002_work_items"), ("casework", "0001_initial")]

    operations = [migrations.RunPython(put_on_desks, take_off_desks)]
