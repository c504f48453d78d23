from django.db import migrations, models


def find_moments(apps, schema_editor):
    """A matter taken back before this change: the moment stands in its timeline."""
    entries = apps.get_model("cases", "Entry").objects.filter(title="您撤回了诉求", case=models.OuterRef("pk"))
    taken_back = apps.get_model("cases", "Case").objects.filter(ended_on__isnull=False, closed_at=None)
    taken_back.update(withdrawn_at=models.Subquery(entries.order_by("-id").values("at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_escalation")]

    operations = [
        migrations.AddField(model_name="case", name="withdrawn_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(find_moments, migrations.RunPython.noop),
    ]
