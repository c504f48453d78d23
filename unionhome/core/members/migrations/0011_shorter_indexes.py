from django.db import migrations
from django.db.models.functions import Substr

NUMBER, TAIL = 32, 16


def shorten(apps, schema_editor):
    """Keep as many digits of the blind indexes as the register computes from now on."""
    apps.get_model("members", "Person").objects.update(
        document_index=Substr("document_index", 1, NUMBER),
        phone_index=Substr("phone_index", 1, NUMBER),
        document_tail_index=Substr("document_tail_index", 1, TAIL),
        phone_tail_index=Substr("phone_tail_index", 1, TAIL),
    )
    apps.get_model("members", "Application").objects.update(
        document_index=Substr("document_index", 1, NUMBER), phone_index=Substr("phone_index", 1, NUMBER)
    )


class Migration(migrations.Migration):
    """One way: the digits left away can only be had back by sealing anew (`unionhome rotate-keys`)."""

    dependencies = [("members", "0010_counts")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop)]
