import django.db.models.deletion
import talentcard.core.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('code', models.SlugField(max_length=20, unique=True, verbose_name='code')),
            ],
            options={
                'verbose_name': 'district or park',
                'verbose_name_plural': 'districts and parks',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Talent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('gender', models.CharField(choices=[('female', 'female'), ('male', 'male'), ('unstated', 'not stated')], default='unstated', max_length=10, verbose_name='gender')),
                ('nationality', models.CharField(blank=True, max_length=60, verbose_name='country or region')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of birth')),
                ('birth_date', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='date of birth')),
                ('phone', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='mobile')),
                ('email', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='e-mail')),
                ('address', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='address')),
                ('district', models.CharField(blank=True, max_length=20, verbose_name='district or park')),
                ('likeness_index', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('is_secret', models.BooleanField(default=False, verbose_name='under secrecy')),
                ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='also', to='talents.talent', verbose_name='same person as')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='talent', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'talent',
                'verbose_name_plural': 'talents',
                'indexes': [models.Index(condition=models.Q(('likeness_index', ''), _negated=True), fields=['likeness_index'], name='talent_by_likeness')],
            },
        ),
        migrations.CreateModel(
            name='IdentityDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('resident_id', 'resident identity card'), ('residence_permit', 'residence permit for Hong Kong, Macao and Taiwan residents'), ('passport', 'passport'), ('foreign_pr_card', 'foreign permanent resident ID card'), ('hk_macau_permit', 'mainland travel permit for Hong Kong and Macao residents'), ('taiwan_permit', 'mainland travel permit for Taiwan residents')], max_length=20, verbose_name='type')),
                ('issuing_region', models.CharField(blank=True, max_length=60, verbose_name='issuing country or region')),
                ('number', talentcard.core.fields.EncryptedTextField(verbose_name='number')),
                ('number_index', models.CharField(editable=False, max_length=64)),
                ('talent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identity_documents', to='talents.talent')),
            ],
            options={
                'verbose_name': 'identity document',
                'verbose_name_plural': 'identity documents',
                'constraints': [models.UniqueConstraint(fields=('number_index',), name='one_person_per_identity_document')],
            },
        ),
        migrations.CreateModel(
            name='FamilyMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('relation', models.CharField(choices=[('spouse', 'spouse'), ('child', 'child'), ('parent', 'parent')], max_length=10, verbose_name='relation')),
                ('name', talentcard.core.fields.EncryptedTextField(verbose_name='name')),
                ('birth_date', talentcard.core.fields.EncryptedTextField(verbose_name='date of birth')),
                ('identity_kind', models.CharField(blank=True, choices=[('resident_id', 'resident identity card'), ('residence_permit', 'residence permit for Hong Kong, Macao and Taiwan residents'), ('passport', 'passport'), ('foreign_pr_card', 'foreign permanent resident ID card'), ('hk_macau_permit', 'mainland travel permit for Hong Kong and Macao residents'), ('taiwan_permit', 'mainland travel permit for Taiwan residents')], max_length=20, verbose_name='type of document')),
                ('identity_number', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='document number')),
                ('identity_index', models.CharField(blank=True, editable=False, max_length=64)),
                ('talent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='family', to='talents.talent')),
            ],
            options={
                'verbose_name': 'family member',
                'verbose_name_plural': 'family members',
                'constraints': [models.UniqueConstraint(condition=models.Q(('identity_index', ''), _negated=True), fields=('talent', 'identity_index'), name='family_member_registered_once')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('employer_name', models.CharField(max_length=160, verbose_name='employer')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='employees', to='accounts.organisation')),
                ('talent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='employments', to='talents.talent')),
            ],
            options={
                'verbose_name': 'employment',
                'verbose_name_plural': 'employments',
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('talent',), name='one_current_employment')],
            },
        ),
    ]
