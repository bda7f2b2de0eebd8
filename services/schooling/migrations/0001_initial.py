import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('perks', '0001_initial'),
        ('talents', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('stage', models.CharField(choices=[('kindergarten', 'kindergarten'), ('primary', 'primary school'), ('junior', 'junior secondary school'), ('senior', 'senior secondary school')], max_length=16, verbose_name='stage')),
                ('district', models.CharField(max_length=20, verbose_name='district or park')),
            ],
            options={
                'verbose_name': 'school',
                'verbose_name_plural': 'schools',
                'ordering': ['district', 'name_en'],
            },
        ),
        migrations.CreateModel(
            name='SchoolSeason',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_zh', models.CharField(max_length=120, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=160, verbose_name='name (English)')),
                ('stage', models.CharField(choices=[('kindergarten', 'kindergarten'), ('primary', 'primary school'), ('junior', 'junior secondary school'), ('senior', 'senior secondary school')], max_length=16, verbose_name='stage')),
                ('opens_at', models.DateTimeField(verbose_name='opens at')),
                ('closes_at', models.DateTimeField(verbose_name='closes at')),
                ('born_from', models.DateField(verbose_name='for children born from')),
                ('born_until', models.DateField(verbose_name='for children born until')),
            ],
            options={
                'verbose_name': 'school season',
                'verbose_name_plural': 'school seasons',
                'ordering': ['opens_at', 'stage'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_at__lt', models.F('closes_at'))), name='season_window_is_forward'), models.CheckConstraint(condition=models.Q(('born_from__lte', models.F('born_until'))), name='season_births_are_forward')],
            },
        ),
        migrations.CreateModel(
            name='SchoolPlaces',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('places', models.PositiveSmallIntegerField(verbose_name='places')),
                ('taken', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='places given')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='schooling.school', verbose_name='school')),
                ('season', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='schooling.schoolseason', verbose_name='season')),
            ],
            options={
                'verbose_name': 'places of a school',
                'verbose_name_plural': 'places of schools',
                'ordering': ['school__district', 'school__name_en'],
                'constraints': [models.UniqueConstraint(fields=('season', 'school'), name='places_counted_once_a_season'), models.CheckConstraint(condition=models.Q(('taken__lte', models.F('places'))), name='placement_never_exceeds_places')],
            },
        ),
        migrations.CreateModel(
            name='SchoolingApplication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('child_index', models.CharField(max_length=64)),
                ('is_live', models.BooleanField(default=True)),
                ('guardian_consent_at', models.DateTimeField(verbose_name="guardian's consent")),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schooling_applications', to='talents.familymember')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='schooling', to='perks.perkrequest')),
                ('placed_at', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='schooling.schoolplaces', verbose_name='school given')),
                ('season', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='schooling.schoolseason')),
            ],
            options={
                'verbose_name': 'schooling application',
                'verbose_name_plural': 'schooling applications',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('season', 'child_index'), name='one_application_per_child_and_season')],
            },
        ),
        migrations.CreateModel(
            name='SeasonTier',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('tier_code', models.CharField(max_length=10, verbose_name='code of the tier')),
                ('season', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='schooling.schoolseason')),
            ],
            options={
                'verbose_name': 'tier of a season',
                'verbose_name_plural': 'tiers of a season',
                'constraints': [models.UniqueConstraint(fields=('season', 'tier_code'), name='tier_admitted_once_a_season')],
            },
        ),
        migrations.CreateModel(
            name='SchoolPreference',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='schooling.schoolingapplication')),
                ('places', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schooling.schoolplaces', verbose_name='school')),
            ],
            options={
                'verbose_name': 'preferred school',
                'verbose_name_plural': 'preferred schools',
                'ordering': ['rank'],
                'constraints': [models.UniqueConstraint(fields=('application', 'rank'), name='one_school_per_rank'), models.UniqueConstraint(fields=('application', 'places'), name='school_preferred_once'), models.CheckConstraint(condition=models.Q(('rank__range', (1, 3))), name='three_schools_at_most')],
            },
        ),
    ]
