import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the first one, which the provider's own migrations wait for. All of those come before our other apps:
    # each renders every model that is related to a user, and the fewer there are the better.
    dependencies = [
        ("accounts", "0001_initial"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerSystem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('account', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partner_system', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='partner_system', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='systems', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'partner system',
                'verbose_name_plural': 'partner systems',
            },
        ),
    ]
