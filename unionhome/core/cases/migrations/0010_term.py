import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_handover'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='difficulty',
            field=models.CharField(choices=[('ordinary', '一般'), ('difficult', '疑难'), ('complex', '特别复杂')], default='ordinary', max_length=10),
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('dispatch', '派单'), ('accept', '受理'), ('solve', '办结')], max_length=10)),
                ('limit_minutes', models.PositiveIntegerField(help_text="Of duty time; of an urgent matter's dispatch day and night.")),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, help_text='Null while paused, or led by another matter.', null=True)),
                ('met_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'name'), name='cases_term_once')],
            },
        ),
    ]
