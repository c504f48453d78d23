import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_first_release")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="leader",
            field=models.ForeignKey(
                blank=True,
                help_text="The like matter that this one is worked on with; it carries help, measures and outcome.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followers",
                to="cases.case",
            ),
        ),
    ]
