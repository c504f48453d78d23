import django.db.models.deletion
import unionhome.core.tree.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tree', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(blank=True, max_length=80)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('entry_count', models.BigIntegerField(default=0)),
                ('fault_count', models.IntegerField(default=0)),
                ('first_fault', models.CharField(blank=True, max_length=200)),
                ('head', models.CharField(blank=True, help_text='One digest over the heads of all chains.', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Head',
            fields=[
                ('chain', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('sealed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(help_text='<app>.<noun>.<past participle>', max_length=80)),
                ('door', models.CharField(max_length=8)),
                ('user_id', models.BigIntegerField(blank=True, null=True)),
                ('person_id', models.BigIntegerField(blank=True, help_text='The acting person in the register, if known.', null=True)),
                ('actor_name', models.CharField(blank=True, max_length=80)),
                ('actor_post', models.CharField(blank=True, max_length=80)),
                ('actor_union', models.CharField(blank=True, max_length=120)),
                ('path', unionhome.core.tree.models.PathField(blank=True, default='', max_length=64)),
                ('hidden_path', unionhome.core.tree.models.PathField(blank=True, default='', help_text='Branch that must never see this entry.', max_length=64)),
                ('model', models.CharField(blank=True, max_length=60)),
                ('object_id', models.BigIntegerField(blank=True, null=True)),
                ('subject_id', models.BigIntegerField(blank=True, help_text='The person in the register it is about.', null=True)),
                ('summary', models.CharField(blank=True, help_text='Chinese, masked, fit for a screen.', max_length=300)),
                ('data', models.JSONField(default=dict, help_text='Old and new values, masked.')),
                ('request_id', models.CharField(blank=True, max_length=40)),
                ('chain', models.BigIntegerField(default=0, help_text="Node whose chain holds it; 0 is the deployment's own.")),
                ('seq', models.BigIntegerField(blank=True, help_text='Place in the chain, given when sealed.', null=True)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('node', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'indexes': [models.Index(fields=['model', 'object_id', 'id'], name='journal_entry_object'), models.Index(fields=['path', 'id'], name='journal_entry_path'), models.Index(condition=models.Q(('seq__isnull', True)), fields=['id'], name='journal_entry_unsealed')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='journal_entry_place_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handler', models.CharField(max_length=160)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='journal.entry')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['next_at'], name='journal_delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'handler'), name='journal_delivery_once')],
            },
        ),
    ]
