import django.db.models.deletion
import unionhome.core.tree.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0002_escalation'), ('cases', '0003_withdrawn_at')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('members', '0001_first_release'),
        ('organizations', '0001_first_release'),
        ('tree', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='DaySerial',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True)),
                ('kind', models.CharField(help_text='Code of the registered CaseKind.', max_length=40)),
                ('category', models.CharField(max_length=24)),
                ('title', models.CharField(help_text='Masked, fit for a list.', max_length=120)),
                ('body_sealed', models.BinaryField()),
                ('is_urgent', models.BooleanField(default=False)),
                ('origin', models.CharField(max_length=16)),
                ('applicant_name', models.CharField(blank=True, max_length=60)),
                ('phone_sealed', models.BinaryField(blank=True, null=True)),
                ('phone_index', models.CharField(blank=True, default='', max_length=64)),
                ('receipt_index', models.CharField(help_text='Blind index of the receipt code.', max_length=64, unique=True)),
                ('hidden_path', unionhome.core.tree.models.PathField(blank=True, default='', help_text="The employer's union, which must never see it.", max_length=64)),
                ('employer_text', models.CharField(blank=True, max_length=120)),
                ('place_text', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(max_length=24)),
                ('opened_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('proposed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, help_text='Local day of closing: what figures count by.', null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, help_text='Local day of closing or withdrawal.', null=True)),
                ('opened_on', models.DateField()),
                ('outcome_sealed', models.BinaryField(blank=True, null=True)),
                ('rating', models.CharField(blank=True, choices=[('satisfied', '满意'), ('fairly', '基本满意'), ('not', '不满意')], max_length=10)),
                ('rating_text_sealed', models.BinaryField(blank=True, null=True)),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('arrive_minutes', models.PositiveIntegerField(blank=True, help_text='Used by the clock when stamped.', null=True)),
                ('help_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('measure_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('arrive_on_time', models.BooleanField(blank=True, null=True)),
                ('help_on_time', models.BooleanField(blank=True, null=True)),
                ('measure_on_time', models.BooleanField(blank=True, null=True)),
                ('is_on_time', models.BooleanField(blank=True, help_text='All three clocks kept; null while running.', null=True)),
                ('submit_key', models.CharField(blank=True, max_length=32, null=True, unique=True)),
                ('climbs_at', models.DateTimeField(blank=True, help_text='When it goes one level up unless something is done; null while it cannot.', null=True)),
                ('account', models.ForeignKey(blank=True, help_text='The signed-in worker who opened it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('county', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.division')),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.employer')),
                ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(help_text='The union that handles it.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.person')),
                ('raised_to', models.ForeignKey(blank=True, help_text='The union above that was told last.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('stand_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'indexes': [models.Index(fields=['node', 'state', 'opened_at'], name='cases_case_of_union'), models.Index(fields=['phone_index', 'opened_at'], name='cases_case_of_phone'), models.Index(fields=['person', 'opened_at'], name='cases_case_of_person'), models.Index(fields=['closed_on', 'county'], name='cases_case_closed'), models.Index(fields=['opened_on'], name='cases_case_opened'), models.Index(condition=models.Q(('climbs_at__isnull', False)), fields=['climbs_at'], name='cases_case_climbs')],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('arrive', '首次到场'), ('help', '首次帮扶'), ('measure', '首次措施')], max_length=10)),
                ('limit_minutes', models.PositiveIntegerField()),
                ('is_natural', models.BooleanField(default=False, help_text='Runs day and night: urgent matters.')),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, help_text='Null while paused.', null=True)),
                ('is_provisional', models.BooleanField(default=False)),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('used_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'name'), name='cases_clock_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('opened', '提出'), ('step', '办理'), ('arrived', '首次到场'), ('helped', '帮扶'), ('measured', '措施'), ('reply', '答复'), ('note', '内部记录'), ('material', '补材料'), ('rated', '评价')], max_length=10)),
                ('is_public', models.BooleanField(default=False, help_text='The applicant sees it.')),
                ('title', models.CharField(max_length=80)),
                ('text_sealed', models.BinaryField(blank=True, null=True)),
                ('clock', models.CharField(blank=True, help_text='The clock this entry stopped.', max_length=10)),
                ('actor_name', models.CharField(blank=True, max_length=80)),
                ('actor_post', models.CharField(blank=True, max_length=80)),
                ('actor_union', models.CharField(blank=True, max_length=120)),
                ('submit_key', models.CharField(blank=True, max_length=32, null=True, unique=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='cases.case')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='cases_entry_of_case')],
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.CharField(choices=[('arrive', '首次到场'), ('help', '首次帮扶'), ('measure', '首次措施')], max_length=10)),
                ('at', models.DateTimeField()),
                ('on', models.DateField(help_text='Local day: what figures count by.')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='cases.case')),
                ('node', models.ForeignKey(help_text='The union that handles the case.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('target', models.ForeignKey(help_text='The union that was told.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='cases_escalation_of_case')],
            },
        ),
        migrations.CreateModel(
            name='EscalationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step_minutes', models.PositiveIntegerField(help_text='Duty minutes of the union that was told.')),
                ('state', models.CharField(max_length=12)),
                ('created_at', models.DateTimeField()),
                ('simulated_at', models.DateTimeField(blank=True, null=True)),
                ('simulated', models.JSONField(default=dict, help_text='What the rule would have done in a month gone by.')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None), ('state', 'on')), fields=('node',), name='cases_one_rule_on')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('case',), name='cases_one_open_pause')],
            },
        ),
    ]
