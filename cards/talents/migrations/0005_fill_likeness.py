from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from cards.talents.identity import birth_digits_of
from cards.talents.queries import birth_digits, likeness_index

BATCH = 500


def fill_likeness(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Give those who are registered the index by which their look-alikes are found; each is decrypted this once."""
    model = apps.get_model("talents", "Talent")
    keys = list(model.objects.filter(likeness_index="").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        talents = model.objects.filter(pk__in=keys[start : start + BATCH]).prefetch_related("identity_documents")
        for talent in talents:
            digits = birth_digits(talent.birth_date) or next(
                (found for each in talent.identity_documents.all() if (found := birth_digits_of(each.kind, each.number))),
                "",
            )
            talent.likeness_index = likeness_index(talent.name, digits)
        model.objects.bulk_update(talents, ["likeness_index"])


class Migration(migrations.Migration):

    dependencies = [('talents', '0004_likeness')]

    operations = [migrations.RunPython(fill_likeness, migrations.RunPython.noop)]
