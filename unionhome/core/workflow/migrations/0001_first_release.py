import django.db.models.deletion
import unionhome.core.tree.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('workflow', '0001_initial'), ('workflow', '0002_raised_items'), ('workflow', '0003_keys_of_accounts')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('tree', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('model', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('verb', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=40)),
                ('from_state', models.CharField(max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('at', models.DateTimeField()),
                ('door', models.CharField(max_length=8)),
                ('user_id', models.BigIntegerField(blank=True, null=True)),
                ('actor_name', models.CharField(blank=True, max_length=80)),
                ('actor_post', models.CharField(blank=True, max_length=80)),
                ('actor_union', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('submit_key', models.CharField(blank=True, max_length=32, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['model', 'object_id', 'id'], name='workflow_step_of')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('submit_key__isnull', False)), fields=('submit_key', 'user_id'), name='workflow_step_key_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(help_text='Name of the workflow table.', max_length=40)),
                ('model', models.CharField(max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('hidden_path', unionhome.core.tree.models.PathField(blank=True, default='', help_text='Branch that must never see this item.', max_length=64)),
                ('kind_label', models.CharField(max_length=24)),
                ('icon', models.CharField(max_length=32)),
                ('title', models.CharField(help_text='Masked, fit for a list.', max_length=120)),
                ('url', models.CharField(max_length=120)),
                ('state', models.CharField(max_length=24)),
                ('state_label', models.CharField(max_length=24)),
                ('next_step', models.CharField(blank=True, max_length=40)),
                ('origin', models.CharField(blank=True, max_length=40)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('limit_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('is_provisional', models.BooleanField(default=False, help_text='The due moment rests on an unpublished calendar.')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('raised_to', models.ForeignKey(blank=True, help_text='A union above `node` that has to see to it as well, since `node` let the time pass.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tree.node')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['node', 'due_at'], name='workflow_item_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('model', 'object_id'), name='workflow_item_one_open')],
            },
        ),
    ]
