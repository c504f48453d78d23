import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_referral_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='appeal_of',
            field=models.ForeignKey(blank=True, help_text='The ended matter whose outcome the applicant does not accept.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('appeal_of__isnull', False)), fields=('appeal_of',), name='cases_one_appeal'),
        ),
    ]
