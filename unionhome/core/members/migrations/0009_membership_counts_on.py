from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    apps.get_model('members', 'Membership').objects.update(counts_on=F('joined_on'))


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0008_transfers'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='counts_on',
            field=models.DateField(help_text='From which day it counts in figures: later where `joined_on` was closed when it was written down.', null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='membership',
            name='counts_on',
            field=models.DateField(help_text='From which day it counts in figures: later where `joined_on` was closed when it was written down.'),
        ),
    ]
