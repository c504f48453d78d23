from django.db import migrations


def tell_items(apps, schema_editor):
    """Let the open items of the inbox say whom their cases name as stand-in."""
    case, item = apps.get_model("cases", "Case"), apps.get_model("workflow", "WorkItem")
    chosen = case.objects.filter(stand_in__isnull=False, ended_on__isnull=True)
    for pk, stand_in_id in chosen.values_list("pk", "stand_in_id").iterator():
        rows = item.objects.filter(model="cases.case", object_id=pk, closed_at__isnull=True)
        rows.update(stand_in_id=stand_in_id)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_sealed_note"),
        ("workflow", "0003_absence"),
    ]

    operations = [migrations.RunPython(tell_items, migrations.RunPython.noop)]
