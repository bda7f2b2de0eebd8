import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the rows: PostgreSQL does not alter a table whose changes it has yet to check.
    dependencies = [("nominations", "0018_release_earlier_notices")]

    operations = [
        migrations.AlterField(
            model_name="publicnotice",
            name="release",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="nominations.noticerelease",
                verbose_name="release",
            ),
        ),
    ]
