import django.db.models.deletion
import talentcard.core.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('credentials', '0001_initial'),
        ('talents', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Basis',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('code', models.CharField(max_length=30, verbose_name='code')),
                ('route', models.CharField(choices=[('recommendation', 'recommendation with public notice'), ('recommendation_without_notice', 'recommendation without notice'), ('direct', 'direct issue'), ('upgrade', 'Green Card upgrade')], max_length=32, verbose_name='route')),
                ('notice_working_days', models.PositiveSmallIntegerField(default=0, verbose_name='public notice, working days')),
                ('experts_needed', models.PositiveSmallIntegerField(default=0, help_text='How many recognised experts must confirm a nomination.', verbose_name='experts needed')),
                ('needs_consent', models.BooleanField(default=False, verbose_name="needs the nominee's consent")),
                ('may_renominate', models.BooleanField(default=True, help_text='After a refusal on this basis.', verbose_name='may be nominated again')),
                ('renomination_months', models.PositiveSmallIntegerField(default=0, help_text='Counted from the refusal; 0: at once.', verbose_name='months until a new nomination')),
            ],
            options={
                'verbose_name': 'basis',
                'verbose_name_plural': 'bases',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('route', 'recommendation'), _negated=True), ('notice_working_days__gt', 0), _connector='OR'), name='notice_has_a_length')],
            },
        ),
        migrations.CreateModel(
            name='CardNumberCounter',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='number')),
                ('effective_from', models.DateTimeField(blank=True, null=True, verbose_name='effective from')),
                ('legal_ground_zh', models.CharField(max_length=200, verbose_name='legal ground (Chinese)')),
                ('legal_ground_en', models.CharField(max_length=200, verbose_name='legal ground (English)')),
                ('remedies_zh', models.TextField(blank=True, default='', help_text='What decisions say of reconsideration and the courts, a paragraph a line.', verbose_name='what can be done about a decision (Chinese)')),
                ('remedies_en', models.TextField(blank=True, default='', help_text='What decisions say of reconsideration and the courts, a paragraph a line.', verbose_name='what can be done about a decision (English)')),
                ('appeal_days', models.PositiveSmallIntegerField(default=60, help_text='Calendar days after a refusal in which it may be appealed once.', verbose_name='days to appeal')),
                ('lapses_uncorrected', models.BooleanField(default=True, help_text='It is closed as withdrawn when the time to correct it is over. Otherwise it waits on.', verbose_name='a case not corrected in time lapses')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample data')),
            ],
            options={
                'verbose_name': 'policy version',
                'verbose_name_plural': 'policy versions',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='RecognisedList',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample data')),
            ],
            options={
                'verbose_name': 'recognised list',
                'verbose_name_plural': 'recognised lists',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('case_id', models.UUIDField(unique=True, verbose_name='deciding case')),
                ('route', models.CharField(choices=[('recommendation', 'recommendation with public notice'), ('recommendation_without_notice', 'recommendation without notice'), ('direct', 'direct issue'), ('upgrade', 'Green Card upgrade')], max_length=32, verbose_name='route')),
                ('evidence_hash', models.CharField(max_length=64)),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='talents.talent')),
                ('basis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuance.basis')),
            ],
            options={
                'verbose_name': 'award',
                'verbose_name_plural': 'awards',
            },
        ),
        migrations.AddField(
            model_name='basis',
            name='policy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bases', to='issuance.policyversion'),
        ),
        migrations.AddField(
            model_name='basis',
            name='recognised_list',
            field=models.ForeignKey(blank=True, help_text='Whoever is given a card on this basis must be on it, or prove a title that is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bases', to='issuance.recognisedlist', verbose_name='recognised list'),
        ),
        migrations.CreateModel(
            name='TalentCard',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('number', models.CharField(max_length=16, unique=True, verbose_name='card number')),
                ('status', models.CharField(choices=[('in_production', 'in production'), ('active', 'active'), ('suspended', 'suspended'), ('expired', 'expired'), ('revoked', 'revoked'), ('returned', 'returned')], default='in_production', max_length=16, verbose_name='status')),
                ('status_reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('valid_from', models.DateTimeField(null=True, verbose_name='valid from')),
                ('valid_until', models.DateTimeField(null=True, verbose_name='valid until')),
                ('award', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='card', to='issuance.award')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='talents.talent')),
            ],
            options={
                'verbose_name': 'talent card',
                'verbose_name_plural': 'talent cards',
                'indexes': [models.Index(condition=models.Q(('status__in', ['active', 'suspended'])), fields=['valid_until'], name='card_expiry')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('in_production', 'active', 'suspended'))), fields=('holder',), name='one_live_card_per_holder')],
            },
        ),
        migrations.CreateModel(
            name='CardTransition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('from_status', models.CharField(blank=True, choices=[('in_production', 'in production'), ('active', 'active'), ('suspended', 'suspended'), ('expired', 'expired'), ('revoked', 'revoked'), ('returned', 'returned')], max_length=16, verbose_name='from')),
                ('to_status', models.CharField(choices=[('in_production', 'in production'), ('active', 'active'), ('suspended', 'suspended'), ('expired', 'expired'), ('revoked', 'revoked'), ('returned', 'returned')], max_length=16, verbose_name='to')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='issuance.talentcard')),
            ],
            options={
                'verbose_name': 'change of a card',
                'verbose_name_plural': 'changes of cards',
                'ordering': ['at', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('code', models.CharField(max_length=10, verbose_name='code')),
                ('validity_months', models.PositiveSmallIntegerField(verbose_name='validity in months')),
                ('renewal_days', models.PositiveSmallIntegerField(default=0, help_text='So many days before its end a card may be renewed.', verbose_name='renewal window, days')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='issuance.policyversion')),
            ],
            options={
                'verbose_name': 'tier',
                'verbose_name_plural': 'tiers',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'code'), name='one_tier_per_policy_and_code')],
            },
        ),
        migrations.AddField(
            model_name='talentcard',
            name='tier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuance.tier'),
        ),
        migrations.AddField(
            model_name='basis',
            name='tiers',
            field=models.ManyToManyField(related_name='bases', to='issuance.tier', verbose_name='tiers'),
        ),
        migrations.AddField(
            model_name='award',
            name='tier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issuance.tier'),
        ),
        migrations.CreateModel(
            name='RecognisedEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('title_zh', models.CharField(blank=True, max_length=120, verbose_name='title or qualification (Chinese)')),
                ('title_en', models.CharField(blank=True, max_length=160, verbose_name='title or qualification (English)')),
                ('person_name', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name="person's name")),
                ('identity_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('source', models.CharField(help_text='The document or register that this entry was taken from.', max_length=200, verbose_name='source')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('recognised_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='issuance.recognisedlist', verbose_name='recognised list')),
            ],
            options={
                'verbose_name': 'entry of a recognised list',
                'verbose_name_plural': 'entries of recognised lists',
                'ordering': ['recognised_list', 'title_zh', 'created_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('identity_index', ''), _negated=True), fields=['identity_index'], name='entry_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('identity_index', ''), _negated=True), fields=('recognised_list', 'identity_index', 'valid_from'), name='person_listed_once_from_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('identity_index', ''), _negated=True), models.Q(models.Q(('title_zh', ''), _negated=True), models.Q(('title_en', ''), _negated=True)), _connector='OR'), name='entry_names_a_person_or_a_title'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='entry_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='CardEdition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('sequence', models.PositiveSmallIntegerField(verbose_name='edition')),
                ('status', models.CharField(choices=[('made', 'made'), ('active', 'active'), ('superseded', 'superseded')], default='made', max_length=12, verbose_name='status')),
                ('code', talentcard.core.fields.EncryptedTextField(verbose_name='code')),
                ('image', models.FileField(blank=True, upload_to='', verbose_name='QR image')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('activated_at', models.DateTimeField(null=True, verbose_name='activated at')),
                ('status_entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='edition', to='credentials.statusentry')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='issuance.talentcard')),
            ],
            options={
                'verbose_name': 'card edition',
                'verbose_name_plural': 'card editions',
                'ordering': ['card', '-sequence'],
                'constraints': [models.UniqueConstraint(fields=('card', 'sequence'), name='one_edition_per_sequence'), models.UniqueConstraint(condition=models.Q(('status', 'active')), fields=('card',), name='one_active_edition_per_card')],
            },
        ),
        migrations.AddConstraint(
            model_name='basis',
            constraint=models.UniqueConstraint(fields=('policy', 'code'), name='one_basis_per_policy_and_code'),
        ),
    ]
