import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('actor_id', models.UUIDField(db_index=True, null=True, verbose_name='actor')),
                ('action', models.CharField(max_length=80, verbose_name='action')),
                ('target_type', models.CharField(max_length=80, verbose_name='target type')),
                ('target_id', models.CharField(max_length=64, verbose_name='target')),
                ('data', models.JSONField(default=dict, verbose_name='data')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit events',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['target_type', 'target_id', 'at'], name='audit_target')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('number', models.PositiveBigIntegerField(unique=True, verbose_name='number')),
                ('size', models.PositiveIntegerField(verbose_name='events')),
                ('root', models.BinaryField(max_length=32, verbose_name='Merkle root')),
                ('previous', models.BinaryField(max_length=32, verbose_name='hash of the seal before')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('signature', models.BinaryField(max_length=64, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='SealedEvent',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sealed', serialize=False, to='audit.auditevent')),
                ('position', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='sealedevent',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='audit.seal'),
        ),
        migrations.AddConstraint(
            model_name='sealedevent',
            constraint=models.UniqueConstraint(fields=('seal', 'position'), name='one_event_per_leaf'),
        ),
    ]
