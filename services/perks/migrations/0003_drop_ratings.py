from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("perks", "0002_ratings_to_casework")]

    operations = [migrations.DeleteModel(name="Rating")]
