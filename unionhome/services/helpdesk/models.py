"""What a need knows beyond its case."""

from django.db import models

from unionhome.core.cases.models import Case


class NeedDetail(models.Model):
    """How a need was routed: kept so that everybody can see why it went where it went."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="+")
    is_about_employer = models.BooleanField(default=False)
    is_hidden_from_employer = models.BooleanField(default=False)
    route_why = models.CharField(max_length=120)
    registered_for = models.BooleanField(default=False, help_text="A cadre wrote it down for the worker (帮代办).")

    SCOPE = "case__node__path"
    SCOPE_HIDDEN = "case__hidden_path"
