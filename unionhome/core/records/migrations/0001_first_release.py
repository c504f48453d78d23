import django.db.models.deletion
import unionhome.core.tree.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('records', '0001_initial'), ('records', '0002_totals'), ('records', '0003_hidden_by_county'), ('records', '0004_newest')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('journal', '0001_initial'),
        ('members', '0001_first_release'),
        ('tree', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Double',
            fields=[
                ('person_id', models.BigIntegerField(help_text='The person that was merged.', primary_key=True, serialize=False)),
                ('identity_id', models.BigIntegerField(db_index=True, help_text='The person counted in its place.')),
            ],
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField(db_index=True, help_text='Journal entry of the records.', null=True)),
                ('person_id', models.BigIntegerField(help_text='Person that was merged into another, or parted again.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Total',
            fields=[
                ('pk', models.CompositePrimaryKey('above', 'kind', 'begins_on', 'service', 'place', blank=True, editable=False, primary_key=True, serialize=False)),
                ('above', models.BigIntegerField(help_text='Id of the node it is a part of; 0 for the whole.')),
                ('place', models.BigIntegerField(help_text='Id of the node.')),
                ('kind', models.CharField(choices=[('Y', '年'), ('Q', '季度'), ('M', '月'), ('D', '日')], max_length=1)),
                ('begins_on', models.DateField()),
                ('service', models.CharField(max_length=48)),
                ('record_count', models.BigIntegerField(default=0)),
                ('head_count', models.BigIntegerField(default=0)),
                ('amount_fen', models.BigIntegerField(default=0)),
                ('people_count', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ServiceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(help_text='Code of a declared ServiceKind.', max_length=48)),
                ('path', unionhome.core.tree.models.PathField(help_text="Path of the union on the record's day.", max_length=64)),
                ('on', models.DateField(verbose_name='日期')),
                ('at', models.DateTimeField(help_text='When it was written down.')),
                ('head_count', models.PositiveIntegerField(default=1, verbose_name='人次')),
                ('beneficiary_kind', models.CharField(choices=[('worker', '职工'), ('family', '职工家属'), ('villager', '村民'), ('student', '学生'), ('medic', '医护人员'), ('other', '其他群众')], default='worker', max_length=12, verbose_name='服务对象')),
                ('amount_fen', models.BigIntegerField(default=0, verbose_name='金额')),
                ('theme', models.CharField(blank=True, max_length=60, verbose_name='主题')),
                ('joint', models.CharField(blank=True, max_length=200, verbose_name='联合开展')),
                ('summary', models.CharField(max_length=200, verbose_name='内容')),
                ('link', models.CharField(blank=True, help_text='Path of the page it is about.', max_length=200)),
                ('about_model', models.CharField(blank=True, max_length=60)),
                ('about_id', models.BigIntegerField(null=True)),
                ('hidden_path', unionhome.core.tree.models.PathField(blank=True, default='', help_text='Branch that must never see this record.', max_length=64)),
                ('sign', models.SmallIntegerField(default=1)),
                ('county', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.entry')),
                ('node', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node', verbose_name='工会')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.person')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='records.servicerecord')),
                ('town', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('village', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(fields=['service', 'on', 'person', 'sign'], name='records_service_on'), models.Index(fields=['county', 'service', 'on'], name='records_county_service'), models.Index(fields=['town', 'service', 'on'], name='records_town_service'), models.Index(condition=models.Q(('village__isnull', False)), fields=['village', 'service', 'on'], name='records_village_service'), models.Index(fields=['node', 'service', 'on'], name='records_node_service'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'service', 'on'], name='records_person_service'), models.Index(condition=models.Q(('about_id__isnull', False)), fields=['about_model', 'about_id'], name='records_about'), models.Index(condition=models.Q(('hidden_path', ''), _negated=True), fields=['service', 'on'], name='records_hidden'), models.Index(condition=models.Q(('hidden_path', ''), _negated=True), fields=['county', 'service', 'on'], name='records_hidden_county'), models.Index(condition=models.Q(('sign', -1)), fields=['service', 'on', 'person'], name='records_taken_back'), models.Index(condition=models.Q(('sign', 1)), fields=['on'], name='records_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('head_count__gt', 0)), name='records_somebody_served'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='records_amount_not_below_0'), models.CheckConstraint(condition=models.Q(('person__isnull', True), ('head_count', 1), _connector='OR'), name='records_one_person_counts_once'), models.CheckConstraint(condition=models.Q(models.Q(('reverses__isnull', True), ('sign', 1)), models.Q(('reverses__isnull', False), ('sign', -1)), _connector='OR'), name='records_sign_says_reversal')],
            },
        ),
    ]
