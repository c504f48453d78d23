import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('figures', '0001_published'), ('figures', '0002_reviews')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('tree', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='期间起')),
                ('ends_on', models.DateField(verbose_name='期间止')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('state', models.CharField(max_length=24)),
                ('codes', models.JSONField(help_text='Codes of its figures, in their order.')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='更正原因')),
                ('frozen_at', models.DateTimeField(help_text='When its rows were read.')),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('submit_key', models.CharField(blank=True, max_length=32, null=True, unique=True)),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='figures.publication')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node', verbose_name='工会')),
            ],
            options={
                'indexes': [models.Index(fields=['node', '-ends_on'], name='figures_publication_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='figures_period_has_days'), models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='figures_correction_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PublishedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=24, unique=True)),
                ('code', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('version', models.PositiveSmallIntegerField()),
                ('declaration', models.JSONField(help_text='What the figure was declared to be when it was frozen.')),
                ('measure', models.JSONField(help_text='How its rows come to the number.')),
                ('raw', models.CharField(blank=True, max_length=40)),
                ('shown', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=12)),
                ('row_count', models.PositiveIntegerField()),
                ('people_count', models.PositiveIntegerField(help_text='Human beings behind the rows, where rows name them.', null=True)),
                ('rows_digest', models.CharField(max_length=64)),
                ('cells', models.JSONField(default=list, help_text='By union below, fit for the public: None where a cell is kept back.')),
                ('statement', models.TextField(blank=True)),
                ('signature', models.CharField(blank=True, max_length=128)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
                ('previous', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='following', to='figures.publishedfigure')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='figures.publication')),
            ],
        ),
        migrations.CreateModel(
            name='FrozenRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.PositiveIntegerField(help_text='Number of its first row, counted from 1.')),
                ('count', models.PositiveIntegerField()),
                ('rows_sealed', models.BinaryField()),
                ('figure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='frozen', to='figures.publishedfigure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('figure', 'first'), name='figures_rows_once')],
            },
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(help_text='SHA-256 of the public key.', max_length=64, unique=True)),
                ('public', models.CharField(help_text='The public key in hex.', max_length=64)),
                ('private_sealed', models.BinaryField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, help_text='From then on another signs.', null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it took the place of the one before.', max_length=200)),
                ('made_by', models.CharField(blank=True, max_length=80)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('node',), name='figures_one_key_signs')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_on', models.DateField(verbose_name='从')),
                ('end_on', models.DateField(verbose_name='到')),
                ('title', models.CharField(max_length=60, verbose_name='标题')),
                ('sections', models.JSONField(help_text='[{key, title, paragraphs}]; a paragraph holds {code} or {code|style}.')),
                ('revision', models.PositiveIntegerField(default=1, help_text='One more at every change of the words.')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('frozen', models.JSONField(blank=True, help_text='What it says, as it was when its numbers were read: what is looked at and signed.', null=True)),
                ('public_id', models.CharField(blank=True, max_length=24, null=True, unique=True)),
                ('statement', models.TextField(blank=True, help_text='What was signed, byte for byte: words, numbers, who gave them.')),
                ('signature', models.CharField(blank=True, max_length=128)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='figures.review')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node', verbose_name='工会')),
                ('publication', models.OneToOneField(blank=True, help_text='That of its numbers.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='review', to='figures.publication')),
                ('key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='figures.signingkey')),
            ],
            options={
                'ordering': ['-end_on', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_on__gte', models.F('start_on'))), name='figures_review_days'), models.CheckConstraint(condition=models.Q(('statement', ''), models.Q(models.Q(('signature', ''), _negated=True), ('key__isnull', False), ('public_id__isnull', False)), _connector='OR'), name='figures_review_is_signed')],
            },
        ),
        migrations.AddField(
            model_name='publishedfigure',
            name='key',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='figures.signingkey'),
        ),
        migrations.CreateModel(
            name='OutsideNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Code of a figure no room gives yet, or "outside.<digest of name>".', max_length=60)),
                ('name', models.CharField(max_length=60, verbose_name='指标')),
                ('unit', models.CharField(max_length=8, verbose_name='单位')),
                ('start_on', models.DateField(verbose_name='从')),
                ('end_on', models.DateField(verbose_name='到')),
                ('raw', models.BigIntegerField(help_text='In the base unit: fen for 元 and 万元.', verbose_name='数')),
                ('basis', models.CharField(choices=[('上报', '下级上报'), ('外部', '外部文件')], max_length=4, verbose_name='来处')),
                ('source', models.CharField(help_text='Title and number of the document.', max_length=120, verbose_name='文件')),
                ('signed_by', models.CharField(max_length=30, verbose_name='签字人')),
                ('signed_on', models.DateField(verbose_name='签字日期')),
                ('entered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tree.node', verbose_name='工会')),
            ],
            options={
                'ordering': ['-entered_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('node', 'code', 'start_on', 'end_on'), name='figures_one_outside_number'), models.CheckConstraint(condition=models.Q(('end_on__gte', models.F('start_on'))), name='figures_outside_days'), models.CheckConstraint(condition=models.Q(('raw__gte', 0)), name='figures_outside_not_below_0')],
            },
        ),
        migrations.AddIndex(
            model_name='publishedfigure',
            index=models.Index(fields=['node', 'code', '-ends_on'], name='figures_published_of'),
        ),
        migrations.AddConstraint(
            model_name='publishedfigure',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at__isnull', False)), fields=('node', 'code', 'starts_on', 'ends_on', 'version'), name='figures_version_once'),
        ),
        migrations.AddConstraint(
            model_name='publishedfigure',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(models.Q(('statement', ''), _negated=True), models.Q(('signature', ''), _negated=True), ('key__isnull', False)), _connector='OR'), name='figures_published_is_signed'),
        ),
    ]
