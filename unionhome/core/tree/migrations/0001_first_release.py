import django.db.models.deletion
import unionhome.core.tree.models
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('tree', '0001_initial'), ('tree', '0002_children_made'), ('tree', '0003_share_can_act')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', unionhome.core.tree.models.PathField(max_length=64, unique=True)),
                ('serial', models.PositiveIntegerField(help_text='Serial under the parent; the last step of the path.')),
                ('children_made', models.PositiveIntegerField(default=0, help_text='Serials ever given below it; one that moved away keeps its old path to itself.')),
                ('level', models.CharField(choices=[('city', '市'), ('county', '县'), ('town', '镇'), ('village', '村'), ('grassroots', '基层'), ('group', '小组')], max_length=12)),
                ('code', models.CharField(max_length=32, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('is_local', models.BooleanField(default=False, help_text="A federation of a division (city, county, town, village), no employer's union.")),
                ('opened_on', models.DateField()),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='tree.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('parent', 'serial'), name='tree_node_serial_once'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='tree_node_closed_after_opened')],
            },
        ),
        migrations.CreateModel(
            name='NodePath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', unionhome.core.tree.models.PathField(db_index=True, max_length=64)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, help_text='First day on which it no longer holds.', null=True)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paths', to='tree.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('node',), name='tree_node_one_open_path')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(help_text="Django label of the row's model.", max_length=60)),
                ('object_id', models.BigIntegerField()),
                ('user_id', models.BigIntegerField(blank=True, help_text='Account in the access room, which lies above: hence no foreign key.', null=True)),
                ('can_act', models.BooleanField(default=False, help_text='Whoever it is shared with may work on the row too; otherwise only look at it.')),
                ('reason', models.CharField(max_length=200)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('node', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='tree.node')),
            ],
            options={
                'indexes': [models.Index(fields=['model', 'node', 'object_id'], name='tree_share_node'), models.Index(fields=['model', 'user_id', 'object_id'], name='tree_share_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('node__isnull', False), ('user_id__isnull', False), _connector='OR'), name='tree_share_with_somebody')],
            },
        ),
    ]
