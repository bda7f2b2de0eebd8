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
            name='DecisionCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=8)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('prefix', 'year'), name='one_decision_counter_per_year')],
            },
        ),
        migrations.CreateModel(
            name='DecisionDocument',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='number')),
                ('subject_id', models.UUIDField(verbose_name='subject')),
                ('subject_number', models.CharField(max_length=20, verbose_name='case')),
                ('fact_id', models.UUIDField(verbose_name='deciding fact')),
                ('content', talentcard.core.fields.EncryptedTextField(verbose_name='content')),
                ('content_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['decided_at', 'number'],
                'indexes': [models.Index(fields=['subject_id', 'decided_at'], name='decision_by_subject')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'fact_id'), name='one_decision_per_deciding_fact')],
            },
        ),
        migrations.CreateModel(
            name='DecisionAddressee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addressees', to='casework.decisiondocument')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('user', None)), models.Q(('organisation', None), ('user__isnull', False)), _connector='OR'), name='addressee_is_a_person_or_an_organisation')],
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('desk', models.CharField(max_length=40, verbose_name='desk')),
                ('subject_id', models.UUIDField(verbose_name='subject')),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('district', models.CharField(blank=True, max_length=20, verbose_name='district or park')),
                ('tier', models.CharField(blank=True, max_length=10, verbose_name='tier')),
                ('department', models.CharField(blank=True, max_length=40, verbose_name='department')),
                ('opened_at', models.DateTimeField(verbose_name='since')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('remind_at', models.DateTimeField(blank=True, null=True, verbose_name='reminder')),
                ('days_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days left, clock stopped')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='reminded at')),
                ('escalated_at', models.DateTimeField(blank=True, null=True, verbose_name='escalated at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_items', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
            ],
            options={
                'verbose_name': 'work item',
                'verbose_name_plural': 'work items',
                'ordering': ['opened_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['desk', 'due_at', 'id'], name='work_item_inbox'), models.Index(condition=models.Q(('closed_at', None)), fields=['due_at', 'id'], name='work_item_by_deadline'), models.Index(condition=models.Q(('closed_at', None)), fields=['assignee', 'due_at'], name='work_item_of_officer'), models.Index(condition=models.Q(('closed_at', None), ('reminded_at', None)), fields=['remind_at'], name='work_item_to_remind'), models.Index(condition=models.Q(('closed_at', None), ('escalated_at', None)), fields=['due_at'], name='work_item_to_escalate')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('desk', 'subject_id'), name='one_open_item_per_desk_and_subject'), models.CheckConstraint(condition=models.Q(('days_left', None), models.Q(('due_at', None), ('remind_at', None)), _connector='OR'), name='stopped_clock_has_no_deadline')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject_id', models.UUIDField(verbose_name='subject')),
                ('number', models.CharField(max_length=20, verbose_name='number')),
                ('level', models.PositiveSmallIntegerField(choices=[(5, 'very satisfied'), (4, 'satisfied'), (3, 'basically satisfied'), (2, 'dissatisfied'), (1, 'very dissatisfied')], verbose_name='rating')),
                ('comment', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('answer', talentcard.core.fields.EncryptedTextField(blank=True, default='', verbose_name='what was done')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='office')),
                ('rated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.workitem', verbose_name='work item')),
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['kind', 'at'], name='rating_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_id', 'rated_by'), name='one_rating_per_subject_and_person'), models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='rating_is_one_of_five')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='casework.workitem')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['at', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('first_day', models.DateField(verbose_name='first day')),
                ('last_day', models.DateField(verbose_name='last day')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputised_absences', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='who is away')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['first_day', 'id'],
                'indexes': [models.Index(fields=['user', 'last_day'], name='absence_of_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='absence_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('deputy', None), models.Q(('deputy', models.F('user')), _negated=True), _connector='OR'), name='deputy_is_somebody_else')],
            },
        ),
    ]
