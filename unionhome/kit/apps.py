"""Django app of the kit: templates, static files, template tags and form fields. It has no tables."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Makes `{% load kit %}`, the `kit/` templates and the static files findable."""

    name = "unionhome.kit"
    label = "kit"
    verbose_name = "公共部件"
