"""Imports used to be applied as they came, all rows or none: those that are there are done."""

from typing import Any

from django.db import migrations
from django.db.models import F


def mark_applied(apps: Any, schema_editor: Any) -> None:
    batches = apps.get_model("nominations", "ImportBatch").objects.filter(read_at=None)
    batches.update(
        status="applied",
        applied_by=F("uploaded_by"),
        read_at=F("imported_at"),
        checked_at=F("imported_at"),
        applied_at=F("imported_at"),
    )


class Migration(migrations.Migration):
    dependencies = [("nominations", "0007_import_jobs")]

    operations = [migrations.RunPython(mark_applied, migrations.RunPython.noop)]
