from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from talentcard.core.phones import to_e164


def copy_phones(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give the accounts that are there the number their owners are registered with, as new ones get it."""
    talents = apps.get_model("talents", "Talent").objects.filter(is_secret=False, user__isnull=False)
    for talent in talents.select_related("user").iterator(chunk_size=500):
        number = to_e164(talent.phone)
        if number and not talent.user.phone:
            talent.user.phone = number
            talent.user.save(update_fields=["phone"])


class Migration(migrations.Migration):

    dependencies = [
        ('talents', '0002_district'),
        ('accounts', '0004_user_phone'),
    ]

    operations = [migrations.RunPython(copy_phones, migrations.RunPython.noop)]
