from typing import Any

from django.db import migrations


def mark(apps: Any, _editor: Any) -> None:
    """Say of what came in by spreadsheet, before that was recorded, that it did."""
    apps.get_model("nominations", "Nomination").objects.exclude(import_batch=None).update(source="import")


class Migration(migrations.Migration):
    dependencies = [("nominations", "0012_source_and_window")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
