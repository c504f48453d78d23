from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    apps.get_model('organizations', 'Reelection').objects.update(counts_on=F('ended_on'), counts_on_time=F('is_on_time'))


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0008_employers_due_a_union'),
    ]

    operations = [
        migrations.AddField(
            model_name='reelection',
            name='counts_on',
            field=models.DateField(help_text='Day of the figures: later where `ended_on` was closed when it was opened.', null=True),
        ),
        migrations.AddField(
            model_name='reelection',
            name='counts_on_time',
            field=models.BooleanField(default=False, help_text='On time, and approved before the period of `counts_on` was closed.'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='reelection',
            name='counts_on',
            field=models.DateField(help_text='Day of the figures: later where `ended_on` was closed when it was opened.'),
        ),
    ]
