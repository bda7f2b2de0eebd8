import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('issuance', '0001_initial'),
        ('talents', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PerkTerms',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('perk', models.SlugField(max_length=40, unique=True, verbose_name='perk')),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='time limit in working days')),
            ],
            options={
                'verbose_name': 'time limit of a perk',
                'verbose_name_plural': 'time limits of perks',
            },
        ),
        migrations.CreateModel(
            name='PerkRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('perk', models.SlugField(max_length=40, verbose_name='perk')),
                ('district', models.CharField(blank=True, max_length=20, verbose_name='district or park')),
                ('status', models.CharField(choices=[('submitted', 'submitted'), ('accepted', 'accepted'), ('in_progress', 'in progress'), ('granted', 'granted'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], default='submitted', max_length=12, verbose_name='status')),
                ('submitted_at', models.DateTimeField(verbose_name='submitted at')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perk_requests', to='issuance.talentcard')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perk_requests', to='talents.talent', verbose_name='holder')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'perk request',
                'verbose_name_plural': 'perk requests',
                'ordering': ['-submitted_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('status__in', ('submitted', 'accepted', 'in_progress'))), fields=['perk', 'due_at'], name='perk_inbox'), models.Index(fields=['holder', '-submitted_at'], name='perk_requests_of_holder')],
            },
        ),
        migrations.CreateModel(
            name='QuotaAccount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('perk', models.SlugField(max_length=40, verbose_name='perk')),
                ('period', models.CharField(max_length=10, verbose_name='period')),
                ('limit', models.PositiveIntegerField(verbose_name='limit')),
                ('used', models.PositiveIntegerField(default=0, verbose_name='used')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quota_accounts', to='talents.talent')),
            ],
            options={
                'verbose_name': 'quota account',
                'verbose_name_plural': 'quota accounts',
                'constraints': [models.UniqueConstraint(fields=('holder', 'perk', 'period'), name='one_quota_account_per_period'), models.CheckConstraint(condition=models.Q(('used__lte', models.F('limit'))), name='quota_is_never_overspent')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('use', 'use'), ('reversal', 'reversal')], max_length=10, verbose_name='kind')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('nonce', models.CharField(max_length=64)),
                ('attempt_id', models.UUIDField(null=True, verbose_name='verification')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='issuance.talentcard')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='perks.ledgerentry')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='perks.quotaaccount')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'nonce'), name='one_ledger_entry_per_nonce'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'use'), ('quantity__gt', 0), ('reverses', None)), models.Q(('kind', 'reversal'), ('quantity__lt', 0), ('reverses__isnull', False)), _connector='OR'), name='ledger_sign_follows_kind')],
            },
        ),
        migrations.CreateModel(
            name='RequestTransition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('from_status', models.CharField(blank=True, choices=[('submitted', 'submitted'), ('accepted', 'accepted'), ('in_progress', 'in progress'), ('granted', 'granted'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], max_length=12)),
                ('to_status', models.CharField(choices=[('submitted', 'submitted'), ('accepted', 'accepted'), ('in_progress', 'in progress'), ('granted', 'granted'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], max_length=12)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='perks.perkrequest')),
            ],
            options={
                'verbose_name': 'step of a request',
                'verbose_name_plural': 'steps of requests',
                'ordering': ['at', 'created_at'],
            },
        ),
    ]
