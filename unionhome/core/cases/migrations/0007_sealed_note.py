from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_appeal'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='is_sealed',
            field=models.BooleanField(default=False, help_text='Only its writer and holders of a permission read the text.'),
        ),
    ]
